internal import CDescriptorPassing
public import Domain
internal import Glibc

/// The bytes behind a descriptor, in memory that nobody else can change or take away while they are read.
public final class PictureBytes: Sendable {
    /// How many there are; 0 for an empty file.
    public var count: Int { bytes.count }
    // Only read, by whoever holds this.
    private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
    private let backing: Backing

    private enum Backing {
        /// A memory file that nobody can change.
        case sealed
        /// A file that reads as zeros where it is cut short meanwhile; then the picture is damaged.
        case guarded
        case copy
    }

    /// Lets this process map files that may be cut short while they are read; otherwise they are copied. To be called
    /// before it enters its sandbox.
    /// - Returns: false where the system refuses.
    public static func guardMappings() -> Bool {
        lb_guard_mappings() == 0
    }

    /// Maps the file; copies one that is neither sealed nor guarded by ``guardMappings()``, since a mapped file that
    /// shrinks kills its reader. The descriptor stays open and its position is not used.
    ///
    /// - Throws: ``PictureFault`` with `picture-too-large` from the file's size alone, or `damaged-picture` where it is
    ///   not a file or cannot be read to its end.
    public init(descriptor: Int32, limits: PictureLimits) throws(PictureFault) {
        let size = lb_file_size(descriptor)
        guard size >= 0 else { throw PictureFault(.damagedPicture, "The picture is not a readable file.") }
        guard size <= limits.maxBytes else {
            throw PictureFault(
                .pictureTooLarge, "The file is larger than \(limits.maxBytes >> 20) MB, the most that is read here.")
        }
        let count = Int(size)
        guard count > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            backing = .copy
            return
        }
        if lb_is_sealed(descriptor) != 0 {
            let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
            guard let start, start != MAP_FAILED else { throw Self.noMemory }
            bytes = UnsafeRawBufferPointer(start: start, count: count)
            backing = .sealed
            return
        }
        if let start = lb_map_guarded(descriptor, count) {
            bytes = UnsafeRawBufferPointer(start: start, count: count)
            backing = .guarded
            return
        }
        guard let start = malloc(count) else { throw Self.noMemory }
        var have = 0
        while have < count {
            let received = pread(descriptor, start + have, count - have, off_t(have))
            if received < 0, errno == EINTR { continue }
            guard received > 0 else {
                free(start)
                throw PictureFault(.damagedPicture, "The picture could not be read to its end.")
            }
            have += received
        }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
        backing = .copy
    }

    deinit {
        guard let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
        switch backing {
        case .sealed: munmap(start, bytes.count)
        case .guarded: lb_unmap_guarded(start, bytes.count)
        case .copy: free(start)
        }
    }

    /// Takes the pages that have been read out of this process's memory; what is needed again is read from the file
    /// again. Does nothing for a copy.
    public func release() {
        guard let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress) else { return }
        switch backing {
        case .sealed, .guarded: madvise(start, bytes.count, MADV_DONTNEED)
        case .copy: break
        }
    }

    /// Lends the bytes to `body`. They must not be used after it.
    public func withBytes<Result, Failure>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        // Otherwise the memory could be given back as soon as its address has been read.
        defer { withExtendedLifetime(self) {} }
        return try body(bytes)
    }

    private static var noMemory: PictureFault {
        PictureFault(.pictureTooLarge, "There is not enough memory to read this file.")
    }

    /// A sealed memory file with these bytes; the caller has to close it.
    /// - Throws: ``WorkerProtocolFault`` with `system`.
    public static func sealedFile(_ bytes: [UInt8]) throws(WorkerProtocolFault) -> Int32 {
        let file = lb_sealed_file(bytes, bytes.count)
        guard file >= 0 else { throw WorkerProtocolFault(system: Int(file), "A memory file cannot be made") }
        return file
    }
}
