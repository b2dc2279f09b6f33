import DicomElements
public import Domain

/// Writes a DICOM file anew without what says who it shows: the Basic Application Level Confidentiality Profile.
///
/// Pixel data, and the elements that say how to show it, stay byte for byte. Letters in the pixels stay as well, so that
/// a file whose picture names somebody still does. Sequences are cleaned item by item. UIDs become other ones, the same
/// for the same within a file; nobody who doesn't have the key can tell from which.
///
/// Runs in the sandboxed worker; needs ``PictureDecoder/prepareProcess()``.
///
/// Source: DICOM PS3.15 annex E; PS3.10 section 7.1.
public struct Deidentification {
    private let limits: PictureLimits
    private let uids: ReplacementUIDs

    /// - Parameter key: what the new UIDs are derived with; a random one by default, so that two copies of one file
    ///   cannot be held against each other.
    public init(limits: PictureLimits, key: (UInt64, UInt64) = (.random(in: .min ... .max), .random(in: .min ... .max)))
    {
        self.limits = limits
        uids = ReplacementUIDs(key: key)
    }

    /// The de-identified file in pieces, in order, each of at most `pieceLength` bytes. The whole file is read once before
    /// the first piece is made: one that is damaged gives none.
    ///
    /// - Returns: what was changed, each element once, in the order of tags.
    /// - Throws: ``PictureFault`` with `unsupported-format` where it is no DICOM file, `damaged-picture`, `no-pixels`,
    ///   `unsupported-transfer-syntax`; and what `take` throws.
    public func write(
        _ bytes: UnsafeRawBufferPointer, pieceLength: Int, to take: @escaping ([UInt8]) throws -> Void
    ) throws -> [DeidentifiedElement] {
        let file = try open(bytes)
        defer { withExtendedLifetime(file.inflated) {} }
        var rehearsal = DicomCleaner(file.dataSet, uids: uids, sink: PieceSink(length: pieceLength, take: nil))
        try rehearsal.clean()
        let header = DicomFileHeader(
            syntax: file.syntaxToWrite, classUID: rehearsal.classUID,
            instanceUID: uids.replacement(rehearsal.instanceUID ?? []))
        var cleaner = DicomCleaner(file.dataSet, uids: uids, sink: PieceSink(length: pieceLength, take: take))
        try cleaner.sink.append(header.bytes)
        try cleaner.clean()
        try cleaner.sink.finish()
        return cleaner.changes.sorted { $0.key < $1.key }.map { $0.value }
    }

    private func open(_ bytes: UnsafeRawBufferPointer) throws(PictureFault) -> DicomFile {
        guard !bytes.isEmpty else { throw PictureFault(.emptyFile, "The file is empty. Please choose another one.") }
        guard PictureDecoder.prepareProcess(), case .dicom = PictureContent.of(ByteView(bytes)) else {
            throw PictureFault(.unsupportedFormat, "Only DICOM files are de-identified; this is none.")
        }
        let file = try DicomFile(ByteView(bytes), inflatedLimit: max(limits.maxBytes, 1 << 20))
        guard
            [DicomTags.pixelData, DicomTags.floatPixelData, DicomTags.doublePixelData]
                .contains(where: { file.dataSet.elements[$0] != nil })
        else { throw PictureFault(.noPixels, "This DICOM file has no picture in it.") }
        return file
    }
}

/// UIDs in place of others.
struct ReplacementUIDs {
    private let hash: SipHash

    init(key: (UInt64, UInt64)) {
        hash = SipHash(key: key)
    }

    /// At most 64 characters. UIDs of the standard itself stay: they name nobody's picture.
    func replacement(_ uid: some Collection<UInt8>) -> [UInt8] {
        if uid.starts(with: "1.2.840.10008.".utf8) { return Array(uid.prefix(64)) }
        return Array(DicomUID.made(of: hash.hash(uid)).utf8)
    }

    /// The same for a value with several UIDs, of at most `limit` bytes, padded to an even number.
    func replacements(_ value: some Collection<UInt8>, limit: Int) -> [UInt8] {
        var result: [UInt8] = []
        for part in value.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false) {
            let uid = part.filter { $0 != 0 && $0 != 0x20 }
            let new = uid.isEmpty ? [] : replacement(uid)
            guard result.count + new.count + 2 <= limit else { break }
            if !result.isEmpty { result.append(UInt8(ascii: "\\")) }
            result += new
        }
        if result.count % 2 == 1 { result.append(0) }
        return result
    }
}

extension DicomFile {
    /// The syntax of the data set as it will be written: inflated, and as it really is where the file says otherwise.
    fileprivate var syntaxToWrite: String {
        switch (syntax, dataSet.encoding) {
        case (.deflated, _), (.native, .explicitLittle): "1.2.840.10008.1.2.1"
        case (.native, .implicitLittle): "1.2.840.10008.1.2"
        case (.native, .explicitBig): "1.2.840.10008.1.2.2"
        default: syntaxUID
        }
    }
}
