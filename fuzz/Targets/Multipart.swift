// max_len 8192
import Multipart

/// Bodies of forms. The input is a byte that says how to cut, a content type up to the first line feed, and the body.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultipart(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: start, count: count)
    guard let seed = input.first, let lineEnd = input.firstIndex(of: 0x0A), lineEnd > 0 else { return -1 }
    let contentType = String(decoding: input[1..<lineEnd], as: UTF8.self)
    let boundary = (try? MultipartBoundary.parse(contentType: contentType)) ?? "b"
    let body = Array(input[(lineEnd + 1)...])

    let whole = Reading(of: [body], boundary)
    if let wrong = whole.fault(in: body, boundary) { fatalError(wrong) }

    var pieces: [[UInt8]] = []
    var rest = body[...]
    var state = UInt32(seed)
    while !rest.isEmpty {
        state = state &* 1_664_525 &+ 1_013_904_223
        let size = seed == 0 ? 1 : Int(state >> 24) % (1 + Int(seed) / 4) + 1
        pieces.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
    }
    let cut = Reading(of: pieces, boundary)
    if let wrong = cut.fault(in: body, boundary) { fatalError(wrong) }
    // Of a body that is refused, what came in the same piece before the fault isn't handed out.
    guard cut.error == whole.error, cut.parts == whole.parts else {
        fatalError("where the body is cut changes what is read")
    }

    if whole.error == nil {
        guard let again = Reading(of: [whole.written(boundary)], boundary, limits: .wide).parts, again == whole.parts
        else { fatalError("what was read and written again reads otherwise") }
    }
    return 0
}

extension MultipartLimits {
    /// For forms that were written again: a quoted name is longer than a bare one.
    fileprivate static let wide = MultipartLimits(headerBytes: 65536, headers: 16, parts: 64, surroundingBytes: 4096)
}

/// What the parser made of a body that came in pieces.
private struct Reading {
    struct Part: Equatable {
        var head: MultipartPart
        var data: [UInt8] = []
        var hasEnded = false
    }

    var all: [Part] = []
    var error: MultipartError?

    init(of pieces: [[UInt8]], _ boundary: String, limits: MultipartLimits = .standard) {
        do throws(MultipartError) {
            var parser = try MultipartParser(boundary: boundary, limits: limits)
            do throws(MultipartError) {
                for piece in pieces { for event in try parser.feed(piece) { take(event) } }
                try parser.finish()
            } catch {
                self.error = error
                // Nothing after an error: neither data nor success.
                do throws(MultipartError) {
                    try parser.finish()
                    fatalError("a body that was refused is finished")
                } catch {
                    guard error == self.error else { fatalError("the reason of a refusal changes") }
                }
            }
        } catch {
            self.error = error
        }
    }

    private mutating func take(_ event: MultipartEvent) {
        switch event {
        case .partBegan(let head):
            guard all.last?.hasEnded ?? true else { fatalError("a part begins inside another") }
            guard !head.name.isEmpty else { fatalError("a part has no name") }
            all.append(Part(head: head))
        case .data(let bytes):
            guard !bytes.isEmpty else { fatalError("data without a byte") }
            guard all.last?.hasEnded == false else { fatalError("data outside a part") }
            all[all.count - 1].data += bytes
        case .partEnded:
            guard all.last?.hasEnded == false else { fatalError("a part ends that has not begun") }
            all[all.count - 1].hasEnded = true
        }
    }

    var parts: [Part]? { error == nil ? all : nil }

    /// What of it can't be true of this body.
    func fault(in body: [UInt8], _ boundary: String) -> String? {
        let delimiter = Array("\r\n--\(boundary)".utf8)
        if all.reduce(0, { $0 + $1.data.count }) > body.count { return "more data came out than went in" }
        if all.contains(where: { $0.data.contains(delimiter) }) { return "a boundary is taken for data" }
        guard error == nil else { return nil }
        if !all.allSatisfy(\.hasEnded) { return "a form is finished whose last part has not ended" }
        if !(Array("\r\n".utf8) + body).contains(delimiter + Array("--".utf8)) {
            return "a form is finished without its last boundary"
        }
        return nil
    }

    /// The same form as a browser would write it.
    func written(_ boundary: String) -> [UInt8] {
        func quoted(_ text: String) -> String {
            let bytes = text.utf8.flatMap { byte -> [UInt8] in
                switch byte {
                case UInt8(ascii: "\\"): Array("\\\\".utf8)
                case UInt8(ascii: "\""): Array("%22".utf8)
                case UInt8(ascii: "\r"): Array("%0D".utf8)
                case UInt8(ascii: "\n"): Array("%0A".utf8)
                default: [byte]
                }
            }
            return "\"" + String(decoding: bytes, as: UTF8.self) + "\""
        }
        var bytes: [UInt8] = []
        for part in all {
            var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\(quoted(part.head.name))"
            if let name = part.head.fileName { head += "; filename=\(quoted(name))" }
            if let type = part.head.contentType { head += "\r\nContent-Type: \(type)" }
            bytes += Array("\(head)\r\n\r\n".utf8) + part.data + Array("\r\n".utf8)
        }
        return bytes + Array("--\(boundary)--\r\n".utf8)
    }
}
