/// Lets through of what a browser reports only what can't have been typed by a person: words that stand here, and places in
/// our own files. A message that an engine makes holds names out of the code, and sometimes what the code worked on; so of
/// a message its form is kept, and nothing that stood in it.
enum ClientErrorMask {
    /// What a message is that isn't of a known form.
    static let unknown = "another message"

    /// The classes of errors of the language and of browsers, and our own; nil for anything else.
    static func name(_ text: String) -> String? { names.contains(text) ? text : nil }

    private static let names: Set<String> = [
        "Error", "AggregateError", "EvalError", "InternalError", "RangeError", "ReferenceError", "SyntaxError",
        "TypeError",
        "URIError", "Problem", "ChunkLoadError",
        // DOMException (Web IDL, section 2.8.1).
        "AbortError", "ConstraintError", "DataCloneError", "DataError", "EncodingError", "HierarchyRequestError",
        "InUseAttributeError", "InvalidAccessError", "InvalidCharacterError", "InvalidModificationError",
        "InvalidNodeTypeError", "InvalidStateError", "NamespaceError", "NetworkError", "NoModificationAllowedError",
        "NotAllowedError", "NotFoundError", "NotReadableError", "NotSupportedError", "OperationError", "OptOutError",
        "QuotaExceededError", "ReadOnlyError", "SecurityError", "TimeoutError", "TransactionInactiveError",
        "UnknownError",
        "VersionError", "WrongDocumentError",
    ]

    /// What reports; nil for anything else. Which part of the page it was, the path and the places say.
    static func component(_ text: String) -> String? { components.contains(text) ? text : nil }

    private static let components: Set<String> = ["app", "part", "window", "promise"]

    /// The form of a message that an engine, a browser or React makes.
    static func message(_ text: String) -> String {
        // Longer than any message of such a form, and short enough for patterns.
        let head = String(text.prefix(1000))
        if let react = head.firstMatch(of: /^Minified React error #([0-9]{1,4});/) {
            return "Minified React error #\(react.output.1)"
        }
        return forms.first { $0.fits(head) }?.form ?? unknown
    }

    /// How messages of a kind begin, end, and what is between.
    private struct Form {
        let form: String
        var start = ""
        var middle = ""
        var end = ""

        init(_ form: String, start: String = "", middle: String = "", end: String = "") {
            self.form = form
            self.start = start
            self.middle = middle
            self.end = end
        }

        func fits(_ text: String) -> Bool {
            text.hasPrefix(start) && text.hasSuffix(end) && (middle.isEmpty || text.contains(middle))
        }
    }

    /// A form for each way in which Chromium, Firefox and Safari say it; the first that fits counts.
    private static let forms = kinds.flatMap(\.self)
    private static let kinds: [[Form]] = [
        same("Cannot read properties of undefined"), same("Cannot read properties of null"),
        same("Cannot set properties of undefined"), same("Cannot set properties of null"),
        [
            Form("Cannot destructure property … of undefined", start: "Cannot destructure ", middle: " is undefined"),
            Form("Cannot destructure property … of null", start: "Cannot destructure ", middle: " is null"),
            Form("can't access property … of undefined", start: "can't access property ", end: " is undefined"),
            Form("can't access property … of null", start: "can't access property ", end: " is null"),
            Form("Cannot access … before initialization", start: "Cannot access ", end: " before initialization"),
            Form("Cannot access … before initialization", start: "can't access lexical declaration "),
            Form("a number's digits must be between …", start: "to", middle: "() ", end: "between 0 and 100"),
            Form("a hook stands outside of its provider", start: "use", middle: " stands outside of "),
            Form("Unexpected token in JSON", start: "Unexpected token ", middle: "JSON"),
        ],
        named(
            "Cannot convert undefined or null to object", "Cannot convert undefined or null to object",
            "can't convert undefined to object", "can't convert null to object"),
        named(
            "Cannot assign to read only property …", "Cannot assign to read only property",
            "Attempted to assign to readonly property"),
        named("Cannot add property …, object is not extensible", "Cannot add property"),
        named("Cannot redefine property …", "Cannot redefine property"),
        same("Cannot convert a Symbol value"), same("Cannot mix BigInt and other types"),
        same("Assignment to constant variable"),
        named("Invalid array length", "Invalid array length", "invalid array length"),
        named("Invalid time value", "Invalid time value", "Invalid date", "invalid date", "Invalid Date"),
        named("Invalid language tag …", "Invalid language tag", "invalid language tag", "Incorrect locale"),
        named("Invalid count value …", "Invalid count value"), same("Reduce of empty array with no initial value"),
        named("Maximum call stack size exceeded", "Maximum call stack size exceeded", "too much recursion"),
        named("Out of memory", "Out of memory", "out of memory", "Array buffer allocation failed"),
        named("Converting circular structure to JSON", "Converting circular structure to JSON", "cyclic object value"),
        named("Unexpected end of JSON input", "Unexpected end of JSON input", "Unexpected end of input"),
        named(
            "Unexpected token in JSON", "Unexpected non-whitespace character after JSON", "JSON.parse: ",
            "JSON Parse error: "),
        named(
            "Failed to fetch a dynamically imported module", "Failed to fetch dynamically imported module",
            "error loading dynamically imported module", "Importing a module script failed"),
        named("Failed to fetch", "Failed to fetch", "Load failed", "NetworkError when attempting to fetch"),
        named("Failed to execute …", "Failed to execute "), named("Failed to construct …", "Failed to construct "),
        named(
            "The operation was aborted", "The user aborted a request", "The operation was aborted",
            "This operation was aborted", "signal is aborted without reason", "Fetch is aborted"),
        named("The operation timed out", "signal timed out", "The operation timed out"),
        same("The quota has been exceeded"), same("ResizeObserver loop"), same("Script error"),
        same("undefined is not an object"), same("null is not an object"),
        named("… is not defined", "Can't find variable: ", "assignment to undeclared variable "),
        predicate("is not a function"), predicate("is not a constructor"), predicate("is not iterable"),
        predicate("is not defined"), predicate("is undefined"), predicate("is null"),
    ]

    /// Messages that begin as their form reads.
    private static func same(_ form: String) -> [Form] { [Form(form, start: form)] }

    private static func named(_ form: String, _ starts: String...) -> [Form] { starts.map { Form(form, start: $0) } }

    /// What is said of something in the code, and what Safari adds to it.
    private static func predicate(_ words: String) -> [Form] {
        [
            Form("… \(words)", end: " \(words)"), Form("… \(words)", end: " \(words)."),
            Form("… \(words)", middle: " \(words). (In '"), Form("… \(words)", middle: " \(words) (near '"),
        ]
    }

    /// Only where in which of our files something was: a stack begins with the message, and a function's name is one of the
    /// code, which the place tells too.
    static func stack(_ text: String) -> String {
        let places = text.prefix(8000).split(separator: "\n").lazy.compactMap { line -> String? in
            guard let found = String(line).firstMatch(of: place) else { return nil }
            return "at \(found.output.1):\(found.output.2)"
        }
        return places.prefix(30).joined(separator: "\n")
    }

    // `at name (https://host/assets/main-ABC.js:1:234)`, or `name@https://host/assets/main-ABC.js:1:234`.
    private nonisolated(unsafe) static let place =
        /\/assets\/([A-Za-z]{1,24}(?:\.[a-z]{2})?-[A-Z2-7]{8}\.js):([0-9]{1,7}:[0-9]{1,7})\)?$/

    /// The page, as its router knows it; whatever else stands in an address is `:id`.
    static func path(_ text: String) -> String {
        let path = text.prefix(500).prefix { $0 != "?" && $0 != "#" }
        let parts = path.split(separator: "/").prefix(8).enumerated().map { index, part in
            index == 0 && pages.contains(String(part)) ? String(part) : ":id"
        }
        return "/" + parts.joined(separator: "/")
    }

    private static let pages: Set<String> = [
        "history", "picture", "analyses", "record", "access-log", "assistant", "erased",
    ]

    static func requestID(_ text: String) -> String? {
        text.utf8.count == 13 && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
            ? text : nil
    }
}
