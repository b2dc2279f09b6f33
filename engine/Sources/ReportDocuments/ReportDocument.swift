/// A document as blocks, before it has pages. It knows nothing of medicine.
public struct ReportDocument: Sendable, Equatable {
    public var metadata: Metadata
    /// Stands at the top of each page.
    public var header: String
    /// Stands at the bottom of each page, beside the page number.
    public var footer: String
    public var paper: Paper
    /// Of the text, as a BCP 47 tag.
    public var language: String
    /// Drawn lightly across each page; nothing if empty.
    public var watermark: String
    /// Stands in a red box at the top of each page.
    public var stamp: String?
    public var blocks: [Block]

    public init(
        metadata: Metadata, header: String, footer: String, paper: Paper = .a4, language: String = "en",
        watermark: String = "", stamp: String? = nil, blocks: [Block]
    ) {
        self.metadata = metadata
        self.header = header
        self.footer = footer
        self.paper = paper
        self.language = language
        self.watermark = watermark
        self.stamp = stamp
        self.blocks = blocks
    }

    public struct Metadata: Sendable, Equatable {
        public var title: String
        public var author: String
        public var subject: String
        public var keywords: [String]
        /// ISO 8601, for example `2026-11-23T10:00:00Z`. Given, not taken from the clock, so that the same document is
        /// the same bytes.
        public var created: String

        public init(title: String, author: String, subject: String, keywords: [String], created: String) {
            self.title = title
            self.author = author
            self.subject = subject
            self.keywords = keywords
            self.created = created
        }
    }

    public enum Paper: Sendable, Equatable, CaseIterable {
        case a4, letter

        /// Points of 1/72 inch.
        var size: (width: Double, height: Double) {
            switch self {
            case .a4: (595.276, 841.89)
            case .letter: (612, 792)
            }
        }
    }

    public enum Block: Sendable, Equatable {
        /// Level 1 to 3.
        case heading(level: Int, String)
        case paragraph(String)
        /// Small and grey, for what explains.
        case note(String)
        case notice(title: String, text: String, tone: Tone)
        case keyValues([KeyValue])
        case list([String])
        case table(Table)
        /// Side by side in one row.
        case figures([Figure])
        /// A QR code, with its words beside it.
        case code(CodeBlock)
    }

    public enum Tone: Sendable, Equatable {
        case information, caution
    }

    public struct KeyValue: Sendable, Equatable {
        public var key: String
        public var value: String

        public init(_ key: String, _ value: String) {
            self.key = key
            self.value = value
        }
    }

    public struct Table: Sendable, Equatable {
        public var header: [String]
        public var rows: [[String]]
        /// How wide the columns are, in relation to each other.
        public var weights: [Double]
        /// Whether the first cell of each row is the header of that row.
        public var rowHeaders: Bool

        public init(header: [String], rows: [[String]], weights: [Double], rowHeaders: Bool = false) {
            self.header = header
            self.rows = rows
            self.weights = weights
            self.rowHeaders = rowHeaders
        }
    }

    /// A square symbol of dark and light modules, such as a QR code (ISO/IEC 18004).
    public struct CodeBlock: Sendable, Equatable {
        /// Row by row from the top; true is dark. Without the quiet zone, which is left free when it is drawn.
        public var modules: [[Bool]]
        public var caption: String

        public init(modules: [[Bool]], caption: String) {
            self.modules = modules
            self.caption = caption
        }
    }

    /// A picture, with a heat map over it if there is one.
    public struct Figure: Sendable, Equatable {
        /// Goes into the document as it is.
        public var jpeg: [UInt8]
        public var overlay: HeatGrid?
        public var caption: String
        /// What is to be seen, for those who don't see it (alternate text).
        public var alternative: String

        public init(jpeg: [UInt8], overlay: HeatGrid? = nil, caption: String, alternative: String) {
            self.jpeg = jpeg
            self.overlay = overlay
            self.caption = caption
            self.alternative = alternative
        }
    }

    /// Values over the whole picture, row by row from the top left. Only what is positive is drawn.
    public struct HeatGrid: Sendable, Equatable {
        public var columns: Int
        public var rows: Int
        public var values: [Float]

        public init(columns: Int, rows: Int, values: [Float]) {
            self.columns = columns
            self.rows = rows
            self.values = values
        }
    }
}

/// Why a document could not be made.
public struct ReportDocumentError: Error, Sendable, Equatable {
    public enum Code: String, Sendable {
        /// A picture isn't a JPEG.
        case badPicture
        /// A heat map whose values don't fit its columns and rows, a table with rows of different lengths, or a code
        /// that isn't square.
        case badShape
        /// None of the fonts that a document is set in is installed.
        case fontMissing
        /// cairo gave an error.
        case drawing
    }

    public var code: Code
    public var message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
