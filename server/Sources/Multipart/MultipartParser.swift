/// A streaming parser of `multipart/form-data` (RFC 7578, with the syntax of RFC 2046, section 5.1).
///
/// It is a pure value: bytes in, events out. Between two calls it keeps at most the header lines of one part, and *how
/// much* of a boundary has come, so that memory stays constant however large the parts are. Data isn't copied.
///
/// How the body is cut into pieces changes how data events are cut, and nothing else.
public struct MultipartParser: Sendable {
    private enum State {
        /// Before the first boundary; so many bytes of the delimiter have come.
        case preamble(matched: Int)
        case afterBoundary(LineRest)
        /// What of the present header line has come.
        case headers(MultipartHeaders, line: [UInt8])
        case body(matched: Int)
        case afterLastBoundary(LineRest)
        case epilogue
        case failed(MultipartError)
    }

    /// What has come of the rest of a boundary's line: blanks (RFC 2046: transport padding), then CR LF.
    private enum LineRest {
        case blanks(Int)
        case hyphen
        case carriageReturn
    }

    private static let mostBlanks = 64

    private let limits: MultipartLimits
    private let delimiter: Delimiter
    // A boundary at the very beginning has no line end before it; so the parser begins as if one had been there.
    private var state = State.preamble(matched: 2)
    /// Bytes of the preamble or the epilogue.
    private var surrounding = 0
    /// Bytes of the present part's headers.
    private var headerBytes = 0
    private var parts = 0

    /// - Parameter boundary: as it stands in the content type, 1 to 70 characters.
    /// - Throws: ``MultipartError`` with the code `noBoundary` if it isn't allowed.
    public init(boundary: String, limits: MultipartLimits = .standard) throws(MultipartError) {
        guard MultipartBoundary.isValid(boundary) else {
            throw MultipartError(.noBoundary, "The boundary isn't valid.")
        }
        self.limits = limits
        delimiter = Delimiter(boundary: boundary)
    }

    /// Takes the next bytes of the body.
    ///
    /// - Returns: what they bring, in order.
    /// - Throws: ``MultipartError`` when they can't belong to a form; then, too, from every later call.
    public mutating func feed(_ bytes: [UInt8]) throws(MultipartError) -> [MultipartEvent] {
        try feed(bytes[...])
    }

    /// Takes the next bytes of the body; see ``feed(_:)-([UInt8])``.
    public mutating func feed(_ bytes: ArraySlice<UInt8>) throws(MultipartError) -> [MultipartEvent] {
        var events: [MultipartEvent] = []
        var rest = bytes
        do throws(MultipartError) {
            while !rest.isEmpty { try step(&rest, &events) }
        } catch {
            state = .failed(error)
            throw error
        }
        return events
    }

    /// The body has ended.
    ///
    /// - Throws: ``MultipartError`` with the code `cutShort` if the last boundary hasn't come; or the error that
    ///   ``feed(_:)-([UInt8])`` has thrown.
    public func finish() throws(MultipartError) {
        switch state {
        case .epilogue, .afterLastBoundary(.blanks): return
        case .failed(let error): throw error
        default: throw MultipartError(.cutShort, "The form ends before its last boundary.")
        }
    }

    /// Takes at least one byte.
    private mutating func step(
        _ rest: inout ArraySlice<UInt8>, _ events: inout [MultipartEvent]
    ) throws(MultipartError) {
        switch state {
        case .preamble(let matched):
            let found = delimiter.search(&rest, matched: matched)
            try addSurrounding(found.before + found.content.count)
            state = found.matched == delimiter.count ? .afterBoundary(.blanks(0)) : .preamble(matched: found.matched)
        case .body(let matched):
            let found = delimiter.search(&rest, matched: matched)
            if found.before > 0 { events.append(.data(delimiter.bytes[..<found.before])) }
            if !found.content.isEmpty { events.append(.data(found.content)) }
            state = .body(matched: found.matched)
            if found.matched == delimiter.count {
                events.append(.partEnded)
                state = .afterBoundary(.blanks(0))
            }
        case .afterBoundary(let line):
            try boundaryLine(line, rest.removeFirst())
        case .headers(let headers, let line):
            // Keeps the line's array unique, so that it grows in place.
            state = .epilogue
            try header(headers, line, &rest, &events)
        case .afterLastBoundary(let line):
            try lastBoundaryLine(line, rest.removeFirst())
        case .epilogue:
            try addSurrounding(rest.count)
            rest = []
        case .failed(let error):
            throw error
        }
    }

    private mutating func addSurrounding(_ count: Int) throws(MultipartError) {
        surrounding += count
        guard surrounding <= limits.surroundingBytes else {
            throw MultipartError(.tooLong, "Too much stands before the first or after the last boundary.")
        }
    }

    // MARK: - The line of a boundary

    private mutating func boundaryLine(_ line: LineRest, _ byte: UInt8) throws(MultipartError) {
        switch (line, byte) {
        case (.blanks(0), UInt8(ascii: "-")):
            state = .afterBoundary(.hyphen)
        case (.hyphen, UInt8(ascii: "-")):
            surrounding = 0
            state = .afterLastBoundary(.blanks(0))
        case (.carriageReturn, UInt8(ascii: "\n")):
            parts += 1
            guard parts <= limits.parts else {
                throw MultipartError(.tooMany, "The form has more than \(limits.parts) parts.")
            }
            headerBytes = 0
            state = .headers(MultipartHeaders(), line: [])
        default:
            state = .afterBoundary(try Self.lineRest(line, byte))
        }
    }

    private mutating func lastBoundaryLine(_ line: LineRest, _ byte: UInt8) throws(MultipartError) {
        if case (.carriageReturn, UInt8(ascii: "\n")) = (line, byte) {
            state = .epilogue
        } else {
            state = .afterLastBoundary(try Self.lineRest(line, byte))
        }
    }

    private static func lineRest(_ line: LineRest, _ byte: UInt8) throws(MultipartError) -> LineRest {
        switch (line, byte) {
        case (.blanks(let count), UInt8(ascii: " ")), (.blanks(let count), UInt8(ascii: "\t")):
            guard count < mostBlanks else { throw MultipartError(.badBoundary, "Too many blanks follow a boundary.") }
            return .blanks(count + 1)
        case (.blanks, UInt8(ascii: "\r")):
            return .carriageReturn
        default:
            throw MultipartError(.badBoundary, "A boundary isn't followed by a line end.")
        }
    }

    // MARK: - Headers

    private mutating func header(
        _ headers: MultipartHeaders, _ line: consuming [UInt8], _ rest: inout ArraySlice<UInt8>,
        _ events: inout [MultipartEvent]
    ) throws(MultipartError) {
        let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
        headerBytes += end - rest.startIndex
        guard headerBytes <= limits.headerBytes else {
            throw MultipartError(.tooLong, "The headers of a part are too long.")
        }
        line += rest[..<end]
        rest = rest[end...]
        guard line.last == UInt8(ascii: "\n") else {
            state = .headers(headers, line: line)
            return
        }
        line.removeLast()
        guard line.popLast() == UInt8(ascii: "\r") else {
            throw MultipartError(.badHeader, "A header of a part ends in a bare line feed.")
        }
        guard !line.isEmpty else {
            events.append(.partBegan(try headers.part()))
            // The line end after the last header may be the one before the boundary: then the part is empty.
            state = .body(matched: 0)
            return
        }
        guard !line.starts(with: delimiter.bytes.dropFirst(2)) else {
            throw MultipartError(.badBoundary, "A boundary stands among the headers of a part.")
        }
        guard headers.count < limits.headers else {
            throw MultipartError(.tooMany, "A part has more than \(limits.headers) headers.")
        }
        var headers = headers
        try headers.add(line)
        state = .headers(headers, line: [])
    }
}
