import Foundation
import Hummingbird

/// An error that a browser reported. All of it comes from outside: whatever could hold what a person typed is taken out, and
/// the rest is cut to a bound.
public struct ClientErrorReport: Sendable, Decodable {
    /// The kind of error, for example `TypeError`.
    public var name: String?
    public var message: String
    public var component: String?
    public var stack: String?
    public var requestId: String?
    public var path: String?

    public var title: String { name.map { "\($0): \(message)" } ?? message }

    /// The same with nothing in it that a log mustn't have.
    func masked() -> ClientErrorReport {
        ClientErrorReport(
            name: name.flatMap(ClientErrorMask.word), message: ClientErrorMask.message(message),
            component: component.flatMap(ClientErrorMask.title), stack: stack.map(ClientErrorMask.stack),
            requestId: requestId.flatMap(ClientErrorMask.requestID), path: path.map(ClientErrorMask.path))
    }
}

/// Takes out of texts what may have been typed by a person.
enum ClientErrorMask {
    /// One word of letters, as classes and components have; nil for anything else.
    static func word(_ text: String) -> String? {
        let isWord = (1...60).contains(text.utf8.count) && text.utf8.allSatisfy { isLetter($0) || $0 == 0x2D }
        return isWord ? text : nil
    }

    /// The title of a part of the page, in whatever language; nil for what has digits or signs in it.
    static func title(_ text: String) -> String? {
        let isTitle =
            (1...60).contains(text.utf8.count)
            && text.allSatisfy { $0.isLetter || $0 == " " || $0 == "-" || $0 == "'" || $0 == "’" }
        return isTitle ? text : nil
    }

    /// Quoted texts become `…`, numbers `#`, addresses lose what follows the path, and what isn't a short word of plain
    /// letters becomes `…` too: names of functions stay, sentences in other alphabets don't.
    static func message(_ text: String) -> String {
        let head = String(text.prefix(2000)).replacing(/["“”„«»`][^"“”„«»`]*["“”«»`]?/, with: " … ")
            .replacing(/(^|[^A-Za-z])'[^']*('|$)/) { "\($0.output.1) … " }
        let words = head.split { $0.isWhitespace || $0.isNewline }.map { word -> Substring in
            let plain = word.replacing(/[?#].*/, with: "").replacing(/[0-9]+([.,:\-\/][0-9]+)*/, with: "#")
            let isPlain = plain.utf8.count <= 40 && plain.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x40 }
            return isPlain && !plain.contains("@") ? Substring(plain) : "…"
        }
        return String(words.joined(separator: " ").prefix(200))
    }

    /// Only the lines that say where in which of our files something was: a stack begins with the message.
    static func stack(_ text: String) -> String {
        let frames = text.prefix(8000).split(separator: "\n").lazy.compactMap { line -> String? in
            guard let found = String(line).firstMatch(of: frame) else { return nil }
            let function = found.output.1.map { " \($0)" } ?? ""
            return "at\(function) \(found.output.2):\(found.output.3)"
        }
        return frames.prefix(30).joined(separator: "\n")
    }

    // `at name (https://host/assets/main-ABC.js:1:234)`, or `name@https://host/assets/main-ABC.js:1:234`
    private nonisolated(unsafe) static let frame =
        /^\s*(?:at )?(?:([A-Za-z_$][A-Za-z_$0-9.]{0,60})[ @])?.{0,60}?\/assets\/([A-Za-z-]{1,40}-[A-Z0-9]{8}\.js):([0-9]{1,7}:[0-9]{1,7})\)?$/

    /// Without query and fragment; every part with a digit, or that is no short word, becomes `:id`.
    static func path(_ text: String) -> String {
        let path = text.prefix(500).prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/").prefix(8).map {
            word(String($0)).map { $0.utf8.count <= 24 ? $0 : ":id" } ?? ":id"
        }
        return "/" + parts.joined(separator: "/")
    }

    static func requestID(_ text: String) -> String? {
        text.utf8.count == 13 && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            ? text : nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

/// Takes errors from the error boundaries of the page. How many of a session or an address is a rate limit's.
struct ClientErrorRoutes: Sendable {
    let report: @Sendable (ClientErrorReport) -> Void

    /// A report is far smaller.
    private static let longest = 16 << 10

    func add(to api: RouterGroup<AppContext>) {
        api.post("client-errors") { request, _ in
            let error = try await JSON.decode(ClientErrorReport.self, from: request, longest: Self.longest)
            report(error.masked())
            return Response(status: .noContent)
        }
    }
}
