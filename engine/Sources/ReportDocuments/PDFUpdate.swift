import CCairo

/// What cairo's PDF lacks, appended to it as an incremental update (ISO 32000-1, section 7.5.6): the logical structure,
/// the marks of artifacts, bookmarks, metadata, a colour profile, heat maps, and the gap for a seal. Aims at PDF/A-2b.
struct PDFUpdate {
    private let file: CairoFile
    private let document: ReportDocument
    private let plan: PagePlan
    /// By the indexes of the pictures.
    private let maps: [Int: PackedMap]
    private var bytes: [UInt8] = []
    /// Where the new objects begin, by their numbers.
    private var offsets: [Int: Int] = [:]
    private var nextNumber: Int

    /// - Parameters:
    ///   - drawn: what cairo made of the plan.
    ///   - maps: the plan's heat maps, by the indexes of its pictures.
    init(
        _ drawn: [UInt8], _ document: ReportDocument, _ plan: PagePlan, _ maps: [Int: PackedMap]
    ) throws(ReportDocumentError) {
        file = try CairoFile(drawn)
        guard file.pages.count == plan.pages.count else { throw CairoFile.unknown("page tree") }
        self.document = document
        self.plan = plan
        self.maps = maps
        nextNumber = file.objects.upperBound
    }

    mutating func document(gapLength: (Int) -> Int) throws(ReportDocumentError) -> GappedDocument {
        bytes = file.bytes
        bytes.reserveCapacity(bytes.count + 1 << 16)
        try markContents()
        mendResources()
        mendObjects()
        let structure = addStructure()
        let outlines = addOutlines()
        let entries = document.metadata.entries(producer: Self.producer)
        let language = document.language.onOneLine
        let metadata = addStream(
            "/Type /Metadata /Subtype /XML", [UInt8](entries.xmp(language: language).utf8))
        let profile = addStream("/N 3 /Alternate /DeviceRGB /Filter /FlateDecode", Self.profile)
        let info = add(entries.dictionary)
        let seal = newNumber()
        let root = newNumber()
        write(
            root,
            """
            << /Type /Catalog /Version /1.7 /Pages \(file.pageTree) 0 R /Lang \(PDFText.string(language))
            /MarkInfo << /Marked true >> /StructTreeRoot \(structure) 0 R /Metadata \(metadata) 0 R
            /ViewerPreferences << /DisplayDocTitle true >>\(outlines.map { " /Outlines \($0) 0 R" } ?? "")
            /OutputIntents [ << /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB)
            /RegistryName (http://www.color.org) /Info (sRGB) /DestOutputProfile \(profile) 0 R >> ]
            /PieceInfo << /Lightbox << /LastModified (\(entries.created ?? "D:20260101000000Z"))
            /Private \(seal) 0 R >> >> >>
            """)
        return finish(root: root, info: info, seal: seal, gapLength)
    }

    private static let producer = "cairo \(String(cString: cairo_version_string()))"
    private static let profile = Deflate.compressed(SRGBProfile.bytes, level: 9)

    // MARK: - Objects

    private mutating func newNumber() -> Int {
        defer { nextNumber += 1 }
        return nextNumber
    }

    private mutating func write(_ number: Int, _ object: String) {
        offsets[number] = bytes.count
        bytes += "\(number) 0 obj\n\(object)\nendobj\n".utf8
    }

    private mutating func add(_ object: String) -> Int {
        let number = newNumber()
        write(number, object)
        return number
    }

    private mutating func writeStream(_ number: Int, _ entries: String, _ data: [UInt8]) {
        offsets[number] = bytes.count
        bytes += "\(number) 0 obj\n<< \(entries) /Length \(data.count) >>\nstream\n".utf8
        bytes += data
        bytes += "\nendstream\nendobj\n".utf8
    }

    private mutating func addStream(_ entries: String, _ data: [UInt8]) -> Int {
        let number = newNumber()
        writeStream(number, entries, data)
        return number
    }

    /// The object with the gap, the cross-reference table and the trailer. All numbers after the gap have fixed widths,
    /// so that the length of the gap changes nothing but itself.
    private mutating func finish(root: Int, info: Int, seal: Int, _ gapLength: (Int) -> Int) -> GappedDocument {
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: 10 - digits.count) + digits
        }
        // What identifies the document is made of it, not of the clock (section 14.4).
        let digest = bytes.withUnsafeBufferPointer { buffer -> String in
            guard
                let text = g_compute_checksum_for_data(G_CHECKSUM_MD5, buffer.baseAddress, gsize(buffer.count))
            else { return String(repeating: "0", count: 32) }
            defer { g_free(text) }
            return String(cString: text)
        }
        offsets[seal] = bytes.count
        func ending(_ gap: Int) -> (before: [UInt8], after: [UInt8]) {
            let before = "\(seal) 0 obj\n<< /Length \(padded(gap)) >>\nstream\n"
            var after = "\nendstream\nendobj\n"
            let crossReferences = bytes.count + before.utf8.count + gap + after.utf8.count
            after += "xref\n"
            var numbers = offsets.keys.sorted()[...]
            while let first = numbers.first {
                let run = numbers.enumerated().prefix { $0.element == first + $0.offset }.count
                after += "\(first) \(run)\n"
                for number in numbers.prefix(run) { after += "\(padded(offsets[number] ?? 0)) 00000 n \n" }
                numbers = numbers.dropFirst(run)
            }
            after +=
                "trailer\n<< /Size \(nextNumber) /Root \(root) 0 R /Info \(info) 0 R /Prev \(file.crossReferences)\n"
                + "/ID [ <\(digest)> <\(digest)> ] >>\nstartxref\n\(padded(crossReferences))\n%%EOF\n"
            return (Array(before.utf8), Array(after.utf8))
        }
        let covered = ending(0)
        let length = max(0, gapLength(bytes.count + covered.before.count + covered.after.count))
        let (before, after) = ending(length)
        bytes += before
        let gap = bytes.count..<(bytes.count + length)
        bytes += repeatElement(0x20, count: length)
        bytes += after
        return GappedDocument(bytes: bytes, gap: gap)
    }

    // MARK: - Pages

    /// Writes the contents of the pages anew, with the marks of the real structure.
    private mutating func markContents() throws(ReportDocumentError) {
        for (number, page) in zip(file.pages, plan.pages) {
            guard let reference = CairoFile.reference("/Contents ", in: file.dictionary(number)),
                let content = Deflate.expanded(try file.stream(reference)),
                let marked = MarkedContent.rewritten(content, types: page.owners.map(\.type))
            else { throw CairoFile.unknown("page") }
            writeStream(reference, "/Filter /FlateDecode", Deflate.compressed(marked, level: 4))
        }
    }

    /// cairo names a picture as often as it is drawn on a page; a key may be in a dictionary only once.
    private mutating func mendResources() {
        for page in file.pages {
            guard let number = CairoFile.reference("/Resources ", in: file.dictionary(page)) else { continue }
            let text = String(decoding: file.dictionary(number), as: UTF8.self)
            let parts = text.split(separator: "/XObject <<", maxSplits: 1)
            guard parts.count == 2, let end = parts[1].firstIndex(of: ">") else { continue }
            // Each entry is `/x7 7 0 R`.
            let entries = parts[1][..<end].split(separator: "/").map { $0.split(whereSeparator: \.isWhitespace) }
            var known: Set<Substring> = []
            let once = entries.filter { $0.count == 4 && known.insert($0[0]).inserted }
            let names = once.map { "/" + $0.joined(separator: " ") }.joined(separator: " ")
            write(number, "\(parts[0])/XObject << \(names) \(parts[1][end...])")
        }
    }

    /// Goes through cairo's objects once. Real pictures go in place of stand-ins. And cairo leaves out that its TrueType
    /// fonts number their glyphs as they come, which PDF/A wants to be said (ISO 19005-2, section 6.2.11.3.2).
    private mutating func mendObjects() {
        for number in file.objects {
            let dictionary = file.dictionary(number)
            if dictionary.contains("/Subtype /Image") {
                guard CairoFile.reference("/Width ", in: dictionary) == 1,
                    let rows = CairoFile.reference("/Height ", in: dictionary),
                    plan.pictures.indices.contains(rows - 1)
                else { continue }
                write(number, picture: rows - 1)
            } else if dictionary.contains("/CIDFontType2"), !dictionary.contains("/CIDToGIDMap"),
                let end = dictionary.lastIndex(of: 0x3e)
            {
                let text = String(decoding: dictionary[..<(end - 1)], as: UTF8.self)
                write(number, text + "   /CIDToGIDMap /Identity\n>>")
            }
        }
    }

    private mutating func write(_ number: Int, picture index: Int) {
        // Readers are asked not to smooth pictures because PDF/A forbids to ask for it (ISO 19005-2, section 6.2.8).
        func entries(_ width: Int, _ height: Int, _ more: String) -> String {
            "/Type /XObject /Subtype /Image /Width \(width) /Height \(height) /BitsPerComponent 8 /Interpolate false "
                + more
        }
        switch plan.pictures[index] {
        case .jpeg(let bytes, let frame):
            let space = frame.isGrey ? "/DeviceGray" : "/DeviceRGB"
            writeStream(
                number, entries(frame.width, frame.height, "/ColorSpace \(space) /Filter /DCTDecode"), bytes)
        case .map(let grid):
            // An index into a palette, and how much each pixel hides of the picture under it.
            let size = PackedMap.size
            let packed = maps[index] ?? PackedMap(grid)
            let palette = ReportDocument.HeatGrid.paletteDigits
            let filter = " /Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns \(size) >>"
            let mask = addStream(
                entries(size, size, "/ColorSpace /DeviceGray" + filter), packed.opacities)
            writeStream(
                number,
                entries(
                    size, size, "/ColorSpace [ /Indexed /DeviceRGB 255 <\(palette)> ] /SMask \(mask) 0 R" + filter),
                packed.strengths)
        }
    }

    // MARK: - Structure

    /// - Returns: the number of the root of the structure.
    private mutating func addStructure() -> Int {
        let root = newNumber()
        // The elements by page and mark, for the way back from a mark to its element.
        var owners = plan.pages.map { [Int](repeating: 0, count: $0.owners.count) }
        let top = add(plan.root, under: root, &owners)
        var tree = ""
        for (number, owners) in zip(file.pages, owners) where !owners.isEmpty {
            guard let key = CairoFile.reference("/StructParents ", in: file.dictionary(number)) else { continue }
            tree += "\(key) [ \(owners.map { "\($0) 0 R" }.joined(separator: " ")) ]\n"
        }
        let parents = add("<< /Nums [ \(tree)] >>")
        write(
            root,
            "<< /Type /StructTreeRoot /K \(top) 0 R /ParentTree \(parents) 0 R /ParentTreeNextKey \(plan.pages.count) >>"
        )
        return root
    }

    private mutating func add(_ element: StructureElement, under parent: Int, _ owners: inout [[Int]]) -> Int {
        let number = newNumber()
        var page: Int?
        var kids: [String] = []
        for kid in element.kids {
            switch kid {
            case .element(let child): kids.append("\(add(child, under: number, &owners)) 0 R")
            case .content(let index, let mark):
                owners[index][mark] = number
                if page == nil { page = file.pages[index] }
                kids.append(
                    file.pages[index] == page
                        ? "\(mark)" : "<< /Type /MCR /Pg \(file.pages[index]) 0 R /MCID \(mark) >>")
            }
        }
        var text = "<< /Type /StructElem /S /\(element.type) /P \(parent) 0 R /K [ \(kids.joined(separator: " ")) ]"
        if let page { text += " /Pg \(page) 0 R" }
        if let alternative = element.alternative { text += " /Alt \(PDFText.string(alternative))" }
        if let scope = element.scope { text += " /A << /O /Table /Scope /\(scope) >>" }
        write(number, text + " >>")
        return number
    }

    // MARK: - Bookmarks

    /// - Returns: the number of the outline, nil if there are no bookmarks.
    private mutating func addOutlines() -> Int? {
        guard !plan.bookmarks.isEmpty else { return nil }
        let root = newNumber()
        let numbers = plan.bookmarks.map { _ in newNumber() }
        // The nearest bookmark before that is of a higher level.
        let parents: [Int?] = plan.bookmarks.indices.map { index in
            plan.bookmarks[..<index].lastIndex { $0.level < plan.bookmarks[index].level }
        }
        func children(_ parent: Int?) -> [Int] { parents.indices.filter { parents[$0] == parent } }
        for (index, bookmark) in plan.bookmarks.enumerated() {
            let siblings = children(parents[index])
            let place = siblings.firstIndex(of: index) ?? 0
            let own = children(index)
            var text =
                "<< /Title \(PDFText.string(bookmark.title)) /Parent \(parents[index].map { numbers[$0] } ?? root) 0 R"
                + " /Dest [ \(file.pages[bookmark.page]) 0 R /XYZ null"
                + " \(PDFText.number(document.paper.size.height - bookmark.y)) null ]"
            if place > 0 { text += " /Prev \(numbers[siblings[place - 1]]) 0 R" }
            if place + 1 < siblings.count { text += " /Next \(numbers[siblings[place + 1]]) 0 R" }
            if let first = own.first, let last = own.last {
                // Negative: closed at first.
                text += " /First \(numbers[first]) 0 R /Last \(numbers[last]) 0 R /Count -\(own.count)"
            }
            write(numbers[index], text + " >>")
        }
        let top = children(nil)
        write(
            root,
            "<< /Type /Outlines /First \(numbers[top[0]]) 0 R /Last \(numbers[top[top.count - 1]]) 0 R /Count \(top.count) >>"
        )
        return root
    }
}
