/// How much of everything a form may have.
public struct MultipartLimits: Sendable, Equatable {
    /// Bytes of the header lines of one part.
    public var headerBytes: Int
    public var parts: Int
    /// Bytes before the first and after the last boundary.
    public var surroundingBytes: Int

    public init(headerBytes: Int = 8192, parts: Int = 64, surroundingBytes: Int = 4096) {
        self.headerBytes = headerBytes
        self.parts = parts
        self.surroundingBytes = surroundingBytes
    }

    public static let standard = MultipartLimits()
}

/// Why a body isn't well-formed `multipart/form-data`.
public struct MultipartError: Error, Sendable, Equatable {
    public enum Code: Sendable, Equatable {
        case noBoundary, badHeader, noName, tooLong, tooMany, cutShort
    }

    public var code: Code
    /// A sentence for people.
    public var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}

/// What stands in the headers of one part.
public struct MultipartPart: Sendable, Equatable {
    public var name: String
    public var fileName: String?
    public var contentType: String?

    public init(name: String, fileName: String? = nil, contentType: String? = nil) {
        self.name = name
        self.fileName = fileName
        self.contentType = contentType
    }
}

public enum MultipartEvent: Sendable, Equatable {
    case partBegan(MultipartPart)
    case data(ArraySlice<UInt8>)
    case partEnded
}

/// A streaming parser of `multipart/form-data` (RFC 7578, with the syntax of RFC 2046, section 5.1).
///
/// It is a pure value: bytes in, events out. It holds back only what could be the beginning of a boundary, or the headers
/// of one part, so that memory stays constant.
public struct MultipartParser: Sendable {
    private enum State {
        /// Before the first boundary.
        case preamble
        /// Right after a boundary: a line end, or the two hyphens of the last one.
        case afterBoundary
        case headers
        case body
        case epilogue
    }

    private static let carriageReturn = UInt8(ascii: "\r")
    private static let lineFeed = UInt8(ascii: "\n")
    private static let hyphen = UInt8(ascii: "-")

    private let limits: MultipartLimits
    /// CR LF, two hyphens and the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// What was fed and isn't decided yet. It begins with a line end that isn't there, so that a boundary at the very
    /// beginning looks like every other.
    private var pending: [UInt8] = [carriageReturn, lineFeed]
    private var surrounding = 0
    private var parts = 0

    /// - Parameter boundary: as it stands in the content type, 1 to 70 characters.
    public init(boundary: String, limits: MultipartLimits = .standard) throws(MultipartError) {
        guard MultipartBoundary.isValid(boundary) else {
            throw MultipartError(.noBoundary, "The content type has no valid boundary.")
        }
        self.limits = limits
        delimiter = [Self.carriageReturn, Self.lineFeed, Self.hyphen, Self.hyphen] + Array(boundary.utf8)
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: what they bring, in order. How the body is cut into pieces changes how data events are cut, and nothing
    ///   else.
    public mutating func feed(_ bytes: [UInt8]) throws(MultipartError) -> [MultipartEvent] {
        var events: [MultipartEvent] = []
        pending += bytes
        var position = 0
        loop: while true {
            switch state {
            case .preamble:
                let found = search(from: position)
                surrounding += found.safe - position
                guard surrounding <= limits.surroundingBytes else {
                    throw MultipartError(.tooLong, "The form doesn't begin with its boundary.")
                }
                position = found.safe
                guard found.isWhole else { break loop }
                position += delimiter.count
                state = .afterBoundary
            case .afterBoundary:
                guard let next = try lineAfterBoundary(at: position) else { break loop }
                position = next
            case .headers:
                guard let end = endOfHeaders(from: position) else {
                    guard pending.count - position <= limits.headerBytes else {
                        throw MultipartError(.tooLong, "The headers of a part are too long.")
                    }
                    break loop
                }
                guard end - position <= limits.headerBytes else {
                    throw MultipartError(.tooLong, "The headers of a part are too long.")
                }
                parts += 1
                guard parts <= limits.parts else {
                    throw MultipartError(.tooMany, "The form has more than \(limits.parts) parts.")
                }
                events.append(.partBegan(try MultipartHeaders.part(pending[position..<end])))
                position = end + 4
                state = .body
            case .body:
                let found = search(from: position)
                if found.safe > position { events.append(.data(pending[position..<found.safe])) }
                position = found.safe
                guard found.isWhole else { break loop }
                events.append(.partEnded)
                position += delimiter.count
                state = .afterBoundary
            case .epilogue:
                surrounding += pending.count - position
                position = pending.count
                guard surrounding <= limits.surroundingBytes else {
                    throw MultipartError(.tooLong, "Too much follows the last boundary.")
                }
                break loop
            }
        }
        pending = Array(pending[position...])
        return events
    }

    /// The body has ended.
    ///
    /// - Throws: ``MultipartError`` if the last boundary hasn't come.
    public func finish() throws(MultipartError) {
        guard case .epilogue = state else {
            throw MultipartError(.cutShort, "The form ends before its last boundary.")
        }
    }

    /// Looks for the delimiter.
    ///
    /// - Returns: where it stands; or, if it isn't there as a whole, where it could begin.
    private func search(from start: Int) -> (safe: Int, isWhole: Bool) {
        pending.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count {
                guard bytes[index] == Self.carriageReturn else {
                    index += 1
                    continue
                }
                let length = min(delimiter.count, bytes.count - index)
                var same = 1
                while same < length, bytes[index + same] == delimiter[same] { same += 1 }
                if same == delimiter.count { return (index, true) }
                if same == bytes.count - index { return (index, false) }
                index += 1
            }
            return (bytes.count, false)
        }
    }

    /// Reads what follows a boundary on its line: blanks and a line end, or two hyphens.
    private mutating func lineAfterBoundary(at start: Int) throws(MultipartError) -> Int? {
        guard pending.count >= start + 2 else { return nil }
        if pending[start] == Self.hyphen, pending[start + 1] == Self.hyphen {
            state = .epilogue
            return start + 2
        }
        var index = start
        while index < pending.count, pending[index] == UInt8(ascii: " ") || pending[index] == UInt8(ascii: "\t") {
            index += 1
            guard index - start <= 64 else { throw MultipartError(.badHeader, "Too many blanks follow a boundary.") }
        }
        guard pending.count >= index + 2 else { return nil }
        guard pending[index] == Self.carriageReturn, pending[index + 1] == Self.lineFeed else {
            throw MultipartError(.badHeader, "A boundary isn't followed by a line end.")
        }
        state = .headers
        // Stays before the line end, so that headers always begin with one.
        return index
    }

    /// Where the empty line after the headers begins.
    private func endOfHeaders(from start: Int) -> Int? {
        guard pending.count >= start + 4 else { return nil }
        for index in start...(pending.count - 4)
        where pending[index] == Self.carriageReturn && pending[index + 1] == Self.lineFeed
            && pending[index + 2] == Self.carriageReturn && pending[index + 3] == Self.lineFeed
        {
            return index
        }
        return nil
    }
}
