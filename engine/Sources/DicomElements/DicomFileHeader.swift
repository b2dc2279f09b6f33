/// Preamble, prefix and file meta information (PS3.10 section 7.1).
package struct DicomFileHeader {
    package let bytes: [UInt8]

    /// A UUID that was drawn for this program.
    private static let implementation = "2.25.162330226418294273870893180632953513717"

    package init(syntax: String, classUID: [UInt8]?, instanceUID: [UInt8]) {
        let secondaryCapture = Array("1.2.840.10008.5.1.4.1.1.7".utf8)
        let encoding = DicomEncoding.explicitLittle
        func uid(_ tag: DicomTag, _ value: [UInt8]) -> [UInt8] {
            encoding.element(tag, DicomVR.code("UI"), value + (value.count % 2 == 1 ? [0] : []))
        }
        let group =
            encoding.element(0x0002_0001, DicomVR.code("OB"), [0, 1]) + uid(0x0002_0002, classUID ?? secondaryCapture)
            + uid(0x0002_0003, instanceUID) + uid(0x0002_0010, Array(syntax.utf8))
            + uid(0x0002_0012, Array(Self.implementation.utf8))
            + encoding.element(0x0002_0013, DicomVR.code("SH"), Array("LIGHTBOX".utf8))
        let length = encoding.element(
            0x0002_0000, DicomVR.code("UL"), encoding.number(UInt64(group.count), bytes: 4))
        bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + length + group
    }
}
