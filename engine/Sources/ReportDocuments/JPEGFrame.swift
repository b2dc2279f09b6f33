/// What the frame header of a JPEG in grey or colour says (ITU-T T.81, section B.2.2).
struct JPEGFrame {
    let width: Int
    let height: Int
    let isGrey: Bool

    /// - Returns: nil also for pictures in four inks, whose colours PDF readers don't agree about.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 4, bytes[0] == 0xff, bytes[1] == 0xd8 else { return nil }
        var index = 2
        while index + 9 < bytes.count {
            guard bytes[index] == 0xff else { return nil }
            let marker = bytes[index + 1]
            switch marker {
            case 0xff: index += 1
            case 0x01, 0xd0...0xd8: index += 2
            case 0xc0...0xc2:
                height = Int(bytes[index + 5]) << 8 | Int(bytes[index + 6])
                width = Int(bytes[index + 7]) << 8 | Int(bytes[index + 8])
                guard bytes[index + 4] == 8, [1, 3].contains(bytes[index + 9]) else { return nil }
                guard width > 0, height > 0 else { return nil }
                isGrey = bytes[index + 9] == 1
                return
            // Lossless, hierarchical and arithmetic ones aren't allowed in a PDF.
            case 0xc3, 0xc5...0xc7, 0xc9...0xcb, 0xcd...0xcf: return nil
            default: index += 2 + (Int(bytes[index + 2]) << 8 | Int(bytes[index + 3]))
            }
        }
        return nil
    }
}
