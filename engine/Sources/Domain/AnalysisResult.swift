/// What a completed analysis says. Everything that is needed to read it later is in it, so that a newer model or text
/// doesn't change an old result.
public struct AnalysisResult: Codable, Sendable, Equatable {
    public var model: Model
    public var engineVersion: String
    public var quality: Quality
    public var scope: ScopeStatement
    public var projection: Projection?
    /// Shown findings, the flagged ones first, then by probability.
    public var findings: [Finding]
    /// Heads of the model that don't speak for this person or picture, and why.
    public var withheld: [Withheld]
    /// What a chest picture could show that was not looked for, in plain words.
    public var notChecked: [String]
    /// Wall time of each step in milliseconds, by name.
    public var milliseconds: [String: Double]
    /// The history beside the file's header; nil where the file has none.
    public var identity: IdentityCheck?

    public init(
        model: Model, engineVersion: String, quality: Quality, scope: ScopeStatement, projection: Projection?,
        findings: [Finding], withheld: [Withheld], notChecked: [String], milliseconds: [String: Double],
        identity: IdentityCheck? = nil
    ) {
        self.model = model
        self.engineVersion = engineVersion
        self.quality = quality
        self.scope = scope
        self.projection = projection
        self.findings = findings
        self.withheld = withheld
        self.notChecked = notChecked
        self.milliseconds = milliseconds
        self.identity = identity
    }

    public struct Model: Codable, Sendable, Equatable {
        public var id: String
        public var version: String
        public var title: String
        public var intendedUse: String
        public var sha256: String
        public var preprocessingSha256: String

        public init(_ manifest: ModelManifest) {
            id = manifest.id
            version = manifest.version
            title = manifest.title
            intendedUse = manifest.intendedUse
            sha256 = manifest.sha256
            preprocessingSha256 = manifest.preprocessingSha256
        }
    }

    public struct Quality: Codable, Sendable, Equatable {
        public var width: Int
        public var height: Int
        public var notes: [Note]

        public init(width: Int, height: Int, notes: [Note]) {
            self.width = width
            self.height = height
            self.notes = notes
        }
    }

    public struct Note: Codable, Sendable, Equatable {
        public var code: String
        public var text: String

        public init(code: String, text: String) {
            self.code = code
            self.text = text
        }
    }

    /// For whom the model spoke.
    public struct ScopeStatement: Codable, Sendable, Equatable {
        public var statement: String
        /// Whole years; nil if not known.
        public var ageYears: Int?
        public var notes: [String]

        public init(statement: String, ageYears: Int?, notes: [String]) {
            self.statement = statement
            self.ageYears = ageYears
            self.notes = notes
        }
    }

    /// The direction of the beam: from the file's header, or estimated.
    public struct Projection: Codable, Sendable, Equatable {
        public enum Source: String, Codable, Sendable { case header, model }

        /// `PA` or `AP`.
        public var value: String
        /// 1 when the header states it.
        public var probability: Double
        public var source: Source

        public init(value: String, probability: Double, source: Source) {
            self.value = value
            self.probability = probability
            self.source = source
        }
    }

    public struct Finding: Codable, Sendable, Equatable {
        public var id: String
        public var name: String
        public var plain: String
        public var means: String
        /// Calibrated, 0...1.
        public var probability: Double
        public var threshold: Double
        public var thresholdRule: String
        /// Probability at or over the threshold.
        public var flagged: Bool
        /// What the probability was worth in the validation set; nil where that can't be said.
        public var frequency: Frequency?
        public var measured: ModelManifest.Measured
        public var code: Coding?
        /// Where the score came from; nil where the model gives no map.
        public var activation: HeadActivation?

        /// - Returns: nil for a head that isn't shown, or has no threshold or measured result.
        public init?(
            _ head: ModelManifest.Head, probability: Double, isFlagged: Bool? = nil, activation: HeadActivation? = nil
        ) {
            guard let threshold = head.threshold, var measured = head.measured else { return nil }
            frequency = measured.frequency(of: probability)
            measured.groups = nil
            id = head.id
            name = head.name ?? head.id
            plain = head.plain ?? ""
            means = head.means ?? ""
            self.probability = probability
            self.threshold = threshold
            thresholdRule = head.thresholdRule ?? ""
            flagged = isFlagged ?? (probability >= threshold)
            self.measured = measured
            code = head.code
            self.activation = activation
        }
    }

    public struct Withheld: Codable, Sendable, Equatable {
        public var id: String
        public var name: String
        public var why: String

        public init(id: String, name: String, why: String) {
            self.id = id
            self.name = name
            self.why = why
        }
    }
}
