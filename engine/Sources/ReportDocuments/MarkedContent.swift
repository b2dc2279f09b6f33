/// The marks in the content of a page (ISO 32000-1, section 14.6).
enum MarkedContent {
    /// The content with the real types in its marks, and with all that paints outside of marks marked as an artifact.
    /// - Parameter types: of the marks, in their order.
    /// - Returns: nil if there are other marks than these.
    static func rewritten(_ content: [UInt8], types: [String]) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(content.count + 64 * types.count)
        var next = 0
        // From where on nothing is written yet; whether that paints; where the operands of the next operator begin.
        var start = 0
        var paints = false
        var operands = 0
        var isMarked = false
        var index = 0

        func finish(_ end: Int) {
            guard start < end else { return }
            if paints, !isMarked {
                result += "/Artifact BMC\n".utf8
                result += content[start..<end]
                result += "EMC\n".utf8
            } else {
                result += content[start..<end]
            }
            paints = false
        }

        while index < content.count {
            switch content[index] {
            case 0x28:
                index = endOfString(content, index)
            case 0x3c where index + 1 < content.count && content[index + 1] != 0x3c:
                index = content[index...].firstIndex(of: 0x3e) ?? content.count
            case 0x3c, 0x3e, 0x5b, 0x5d, 0x20, 0x0a, 0x0d, 0x09:
                index += 1
            case 0x2f, 0x30...0x39, 0x2d, 0x2e, 0x2b:
                index = endOfWord(content, index + 1)
            default:
                let word = index
                index = endOfWord(content, index + 1)
                switch String(decoding: content[word..<index], as: UTF8.self) {
                case "BDC":
                    guard !isMarked, next < types.count else { return nil }
                    finish(operands)
                    result += "/\(types[next]) << /MCID \(next) >> BDC\n".utf8
                    next += 1
                    isMarked = true
                    start = min(index + 1, content.count)
                case "EMC":
                    guard isMarked else { return nil }
                    finish(operands)
                    result += "EMC\n".utf8
                    isMarked = false
                    start = min(index + 1, content.count)
                case "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "Do", "Tj", "TJ": paints = true
                default: break
                }
                while index < content.count, [0x20, 0x0a].contains(content[index]) { index += 1 }
                operands = index
            }
        }
        guard next == types.count, !isMarked else { return nil }
        finish(content.count)
        return result
    }

    private static func endOfWord(_ content: [UInt8], _ start: Int) -> Int {
        var index = start
        while index < content.count {
            switch content[index] {
            case 0x00...0x20, 0x28, 0x29, 0x2f, 0x3c, 0x3e, 0x5b, 0x5d: return index
            default: index += 1
            }
        }
        return index
    }

    private static func endOfString(_ content: [UInt8], _ start: Int) -> Int {
        var depth = 0
        var index = start
        while index < content.count {
            switch content[index] {
            case 0x5c: index += 1
            case 0x28: depth += 1
            case 0x29: depth -= 1
            default: break
            }
            index += 1
            if depth == 0 { return index }
        }
        return index
    }
}
