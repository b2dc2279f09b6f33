import Testing

@testable import LanguageModels

@Suite("Server-sent events") struct EventStreamParserTests {
    static let cases: [(name: String, text: String, data: [String])] = [
        ("line feeds", "data: a\n\ndata: b\n\n", ["a", "b"]),
        ("carriage returns", "data: a\r\rdata: b\r\r", ["a", "b"]),
        ("both", "data: a\r\n\r\ndata: b\r\n\r\n", ["a", "b"]),
        ("mixed", "data: a\n\r\ndata: b\r\n\rdata: c\n\n", ["a", "b", "c"]),
        ("only one space is dropped", "data:  a\n\ndata:b\n\n", [" a", "b"]),
        ("several lines of data", "data: a\ndata\ndata: b\n\n", ["a\n\nb"]),
        ("a comment", ": ping\n\ndata: a\n: ping\n\n", ["a"]),
        ("a byte order mark", "\u{FEFF}data: a\n\n", ["a"]),
        ("a second byte order mark", "\u{FEFF}\u{FEFF}data: a\n\ndata: b\n\n", ["b"]),
        ("unknown fields", "id: 7\nretry: 10\nerror: x\ndata: a\n\n", ["a"]),
        ("no data", "event: ping\n\ndata: a\n\n", ["a"]),
        ("empty data", "data\n\ndata:\n\n", ["", ""]),
        ("the end is missing", "data: a\n\ndata: b\n", ["a"]),
        ("a colon in the value", "data: {\"a\": 1}\n\n", ["{\"a\": 1}"]),
        ("letters of several bytes", "data: Überlauf 肺 🫁\n\n", ["Überlauf 肺 🫁"]),
    ]

    @Test("An event is read the same wherever its bytes are cut", arguments: cases)
    func borders(of example: (name: String, text: String, data: [String])) throws {
        let bytes = Array(example.text.utf8)
        for border in 0...bytes.count {
            var parser = EventStreamParser()
            let events = try parser.take(bytes[..<border]) + parser.take(bytes[border...])
            #expect(events.map(\.data) == example.data, "cut at \(border)")
        }
        var parser = EventStreamParser()
        let single = try bytes.flatMap { try parser.take([$0]) }
        #expect(single.map(\.data) == example.data)
    }

    @Test("An event has the name that it was given, and the next one none")
    func names() throws {
        var parser = EventStreamParser()
        let events = try parser.take("event: error\ndata: a\n\ndata: b\n\n".utf8)
        #expect(events == [.init(name: "error", data: "a"), .init(name: "message", data: "b")])
    }

    @Test("Broken UTF-8 is replaced and stops nothing")
    func brokenText() throws {
        var parser = EventStreamParser()
        let events = try parser.take(Array("data: a".utf8) + [0xFF] + Array("b\n\n".utf8))
        #expect(events.map(\.data) == ["a\u{FFFD}b"])
    }

    @Test("A line that never ends is refused at the limit")
    func longLine() throws {
        var parser = EventStreamParser(byteLimit: 16)
        let events = try parser.take("data: 0123456789\n\n".utf8)
        #expect(events.map(\.data) == ["0123456789"])
        #expect(throws: EventStreamParser.TooLong.self) { try parser.take("data: 0123456789a".utf8) }
    }

    @Test("So is an event of many lines")
    func longEvent() {
        var parser = EventStreamParser(byteLimit: 16)
        #expect(throws: EventStreamParser.TooLong.self) {
            for _ in 0..<4 { _ = try parser.take("data: 01234\n".utf8) }
        }
    }
}
