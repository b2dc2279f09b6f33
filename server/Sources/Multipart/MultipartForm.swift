/// How much of everything a form may have.
public struct MultipartLimits: Sendable, Equatable {
    /// Bytes of all header lines of one part, with their line ends.
    public var headerBytes: Int
    /// Header lines of one part.
    public var headers: Int
    /// Parts of the form.
    public var parts: Int
    /// Bytes before the first boundary, and as many again after the last.
    public var surroundingBytes: Int

    /// All are at least 0; what is less allows nothing.
    public init(headerBytes: Int = 8192, headers: Int = 16, parts: Int = 64, surroundingBytes: Int = 4096) {
        self.headerBytes = headerBytes
        self.headers = headers
        self.parts = parts
        self.surroundingBytes = surroundingBytes
    }

    /// Enough for every form that a browser sends to Lightbox.
    public static let standard = MultipartLimits()
}

/// Why a body isn't well-formed `multipart/form-data`.
public struct MultipartError: Error, Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        /// The content type isn't `multipart/form-data`, or has no valid boundary.
        case noBoundary = "no-boundary"
        /// A boundary stands where none may be, or something else than a line end follows it.
        case badBoundary = "bad-boundary"
        /// A header of a part isn't well-formed, or says what a form can't have.
        case badHeader = "bad-header"
        /// A part has no field name.
        case noName = "no-name"
        /// Headers, or what surrounds the parts, are over their limit.
        case tooLong = "too-long"
        /// Parts, or headers of a part, are over their limit.
        case tooMany = "too-many"
        /// The body ends before the last boundary.
        case cutShort = "cut-short"
    }

    public var code: Code
    /// A sentence for people. It repeats nothing of the body.
    public var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// What stands in the headers of one part.
///
/// All of it was written by the sender. A file name may hold anything: a path, quotes, even line ends.
public struct MultipartPart: Sendable, Equatable {
    /// The name of the form's field; not empty.
    public var name: String
    /// The parameter `filename`; empty where a form was sent without choosing a file.
    public var fileName: String?
    /// The value of `Content-Type`, as it stands.
    public var contentType: String?

    public init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }
}

/// What the parser has read: for each part one `partBegan`, its data in any number of pieces, one `partEnded`.
public enum MultipartEvent: Sendable, Equatable {
    case partBegan(MultipartPart)
    /// Some bytes of the part; never none. The slice shares the memory of what was fed.
    case data(ArraySlice<UInt8>)
    case partEnded
}
