/// Text as it is written into a PDF.
enum PDFText {
    /// A text string (ISO 32000-1, section 7.9.2.2): UTF-16, in hexadecimal, which needs no escapes.
    static func string(_ text: String) -> String {
        if text.utf8.allSatisfy({ 0x20..<0x7f ~= $0 && $0 != 0x28 && $0 != 0x29 && $0 != 0x5c }) { return "(\(text))" }
        var result: [UInt8] = Array("<FEFF".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        for unit in text.utf16 {
            result += [12, 8, 4, 0].map { digits[Int(unit >> $0 & 15)] }
        }
        return String(decoding: result, as: UTF8.self) + ">"
    }

    /// A date (section 7.9.4) from one in ISO 8601 with seconds and a time zone; nil if it isn't such.
    static func date(_ iso: String) -> String? {
        let pattern = Array("dddd-dd-ddTdd:dd:dd".utf8)
        let text = Array(iso.utf8)
        func fits(_ text: some Collection<UInt8>, _ pattern: some Collection<UInt8>) -> Bool {
            text.count == pattern.count
                && zip(text, pattern).allSatisfy { $1 == 0x64 ? 0x30...0x39 ~= $0 : $0 == $1 }
        }
        guard fits(text.prefix(pattern.count), pattern) else { return nil }
        let digits = String(decoding: text.prefix(pattern.count).filter { 0x30...0x39 ~= $0 }, as: UTF8.self)
        let zone = Array(text.dropFirst(pattern.count))
        if zone == [0x5a] { return "D:\(digits)Z" }
        guard let sign = zone.first, [0x2b, 0x2d].contains(sign), fits(zone.dropFirst(), Array("dd:dd".utf8)) else {
            return nil
        }
        let parts = String(decoding: zone, as: UTF8.self)
        return "D:\(digits)\(parts.prefix(3))'\(parts.suffix(2))'"
    }

    /// A point of the page with two decimals.
    static func number(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = abs(hundredths % 100)
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths) / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension ReportDocument.Metadata {
    /// What goes into a document, the same in the information dictionary and in XMP.
    struct Entries {
        let title, author, subject, keywords, creator, producer: String
        let words: [String]
        let created: String?
        let createdInXMP: String
    }

    func entries(producer: String) -> Entries {
        let words = keywords.map(\.onOneLine)
        return Entries(
            title: title.onOneLine, author: author.onOneLine, subject: subject.onOneLine,
            keywords: words.joined(separator: ", "), creator: author.onOneLine, producer: producer, words: words,
            created: PDFText.date(created), createdInXMP: created)
    }
}

extension ReportDocument.Metadata.Entries {
    /// The information dictionary (ISO 32000-1, section 14.3.3).
    var dictionary: String {
        let dates = created.map { " /CreationDate (\($0)) /ModDate (\($0))" } ?? ""
        return [
            ("Title", title), ("Author", author), ("Subject", subject), ("Keywords", keywords), ("Creator", creator),
            ("Producer", producer),
        ].filter { !$0.1.isEmpty }.reduce("<<") { "\($0) /\($1.0) \(PDFText.string($1.1))" } + dates + " >>"
    }

    /// The same as XMP (ISO 16684-1), with the claim to be PDF/A-2b (ISO 19005-2, section 6.6.4).
    func xmp(language: String) -> String {
        func element(_ name: String, _ content: String) -> String {
            content.isEmpty ? "" : "   <\(name)>\(content)</\(name)>\n"
        }
        func list(_ kind: String, _ items: [String], _ attribute: String = "") -> String {
            items.isEmpty
                ? ""
                : "<rdf:\(kind)>" + items.map { "<rdf:li\(attribute)>\(escaped($0))</rdf:li>" }.joined()
                    + "</rdf:\(kind)>"
        }
        let byDefault = " xml:lang=\"x-default\""
        let date = created == nil ? "" : createdInXMP
        return """
            <?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>
            <x:xmpmeta xmlns:x="adobe:ns:meta/">
             <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
              <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
                xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
                xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
               <pdfaid:part>2</pdfaid:part>
               <pdfaid:conformance>B</pdfaid:conformance>
               <dc:format>application/pdf</dc:format>

            """
                + element("dc:title", list("Alt", [title], byDefault))
                + element("dc:creator", list("Seq", author.isEmpty ? [] : [author]))
                + element("dc:description", list("Alt", subject.isEmpty ? [] : [subject], byDefault))
                + element("dc:subject", list("Bag", words)) + element("dc:language", list("Bag", [language]))
                + element("pdf:Keywords", escaped(keywords)) + element("pdf:Producer", escaped(producer))
                + element("xmp:CreatorTool", escaped(creator)) + element("xmp:CreateDate", date)
                + element("xmp:ModifyDate", date) + """
                      </rdf:Description>
                     </rdf:RDF>
                    </x:xmpmeta>
                    <?xpacket end="w"?>
                    """
    }

    private func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
        return result
    }
}
