/// One event of a server-sent event stream.
struct ServerSentEvent: Sendable, Equatable {
    /// `message` where the stream names none.
    var name: String
    var data: String
}

/// Reads server-sent events by the rules of the HTML standard (section 9.2.6), however the bytes are cut into chunks.
///
/// What is bounded: a line, and the data of one event. An event that the stream's end cuts off isn't given out, as the
/// standard says. `id` and `retry` are read over: a completion can't be resumed.
struct EventStreamParser: Sendable {
    /// A line, or the data of an event, is longer than what is allowed.
    struct TooLong: Error, Equatable {}

    private let byteLimit: Int
    private var line: [UInt8] = []
    private var dataLines: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var isFirstLine = true
    private var followsCarriageReturn = false

    /// - Parameter byteLimit: most bytes of a line, and of all data of one event.
    init(byteLimit: Int = 65_536) {
        self.byteLimit = byteLimit
    }

    /// The events that these bytes complete.
    mutating func take(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            let endsPair = followsCarriageReturn && byte == Self.lineFeed
            followsCarriageReturn = byte == Self.carriageReturn
            if endsPair { continue }
            if byte == Self.lineFeed || byte == Self.carriageReturn {
                if let event = try endLine() { events.append(event) }
            } else {
                guard line.count < byteLimit else { throw TooLong() }
                line.append(byte)
            }
        }
        return events
    }

    private mutating func endLine() throws(TooLong) -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        var whole = line[...]
        if isFirstLine {
            isFirstLine = false
            if whole.starts(with: Self.byteOrderMark) { whole = whole.dropFirst(Self.byteOrderMark.count) }
        }
        guard let first = whole.first else { return endEvent() }
        if first == Self.colon { return nil }

        let field: ArraySlice<UInt8>
        var value: ArraySlice<UInt8>
        if let colon = whole.firstIndex(of: Self.colon) {
            field = whole[..<colon]
            value = whole[(colon + 1)...]
            if value.first == Self.space { value = value.dropFirst() }
        } else {
            field = whole
            value = []
        }
        if field.elementsEqual("data".utf8) {
            guard dataLines.count + value.count < byteLimit else { throw TooLong() }
            if hasData { dataLines.append(Self.lineFeed) }
            dataLines += value
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        }
        return nil
    }

    /// An empty line: the event is whole, unless no data came with it.
    private mutating func endEvent() -> ServerSentEvent? {
        defer {
            dataLines.removeAll(keepingCapacity: true)
            hasData = false
            name = ""
        }
        guard hasData else { return nil }
        return ServerSentEvent(
            name: name.isEmpty ? "message" : name, data: String(decoding: dataLines, as: UTF8.self))
    }

    private static let lineFeed = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")
    private static let colon = UInt8(ascii: ":")
    private static let space = UInt8(ascii: " ")
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
