/// What stands on every page around its content: header, footer, page number, watermark, stamp. All of it is an
/// artifact, but for the stamp on the first page.
struct PageFurniture {
    struct Stamp {
        let layout: TextLayout
        let x, y: Double
    }

    /// How much of a page it takes, from its upper and from its lower edge.
    let top: Double
    let bottom = 62.0
    let stamp: Stamp?
    private let header, footer, watermark: TextLayout?
    private let left, width: Double
    private let setter: TypeSetter

    private static let stampTop = 56.0
    private static let numberWidth = 90.0

    init(_ document: ReportDocument, left: Double, width: Double, _ setter: TypeSetter) {
        self.left = left
        self.width = width
        self.setter = setter
        func layout(_ text: String, _ style: TextStyle, width: Double) -> TextLayout? {
            // More than that never fits.
            let text = String(text.onOneLine.prefix(1000)).withoutEndlessWords.onOneLine
            return text.allSatisfy(\.isWhitespace) ? nil : setter.layout(text, style, width: width)
        }
        header = layout(document.header, TextStyle(size: 8.5, ink: .quiet, mostLines: 1), width: width)
        footer = layout(
            document.footer, TextStyle(size: 8.5, ink: .quiet, mostLines: 2), width: width - Self.numberWidth)
        watermark = layout(
            document.watermark, TextStyle(size: 44, isBold: true, ink: .watermark, mostLines: 1), width: 780)
        let words = document.stamp.flatMap {
            layout($0, TextStyle(size: 10, isBold: true, ink: .stamp, mostLines: 4), width: width - 20)
        }
        stamp = words.map { Stamp(layout: $0, x: left + 10, y: Self.stampTop + 6) }
        top = words.map { Self.stampTop + $0.height + 12 + 10 } ?? 70
    }

    /// - Parameters:
    ///   - page: from 1.
    func draw(on canvas: Canvas, page: Int, of pages: Int) {
        if let watermark {
            canvas.drawDiagonally(watermark)
        }
        if let header { canvas.draw(header, header.lines, x: left, y: 34) }
        if let stamp {
            let height = stamp.layout.height + 12
            canvas.fill(.stampPaper, .init(x: left, y: Self.stampTop, width: width, height: height))
            canvas.frame(.stamp, .init(x: left, y: Self.stampTop, width: width, height: height))
            if page > 1 { canvas.draw(stamp.layout, stamp.layout.lines, x: stamp.x, y: stamp.y) }
        }
        canvas.fill(.line, .init(x: left, y: 50, width: width, height: 0.6))
        canvas.fill(.line, .init(x: left, y: canvas.height - 46, width: width, height: 0.6))
        let number = setter.layout("Page \(page) of \(pages)", .small, width: Self.numberWidth)
        canvas.draw(number, 0..<1, x: left + width - number.lineWidth, y: canvas.height - 40)
        if let footer { canvas.draw(footer, footer.lines, x: left, y: canvas.height - 40) }
    }
}
