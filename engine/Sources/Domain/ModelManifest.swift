/// What a model package says about itself: `manifest.json`, schema `lightbox-model/1`.
public struct ModelManifest: Codable, Sendable, Equatable {
    public static let schema = "lightbox-model/1"

    public var schema: String
    public var id: String
    public var version: String
    public var title: String
    public var licence: String
    public var summary: String
    public var intendedUse: String
    /// File name of the ONNX graph inside the package.
    public var modelFile: String
    /// SHA-256 of that file, lower-case hexadecimal.
    public var sha256: String
    /// SHA-256 of the canonical JSON (sorted keys, no blanks) of `input`.
    public var preprocessingSha256: String
    public var trainedOn: [String]
    public var input: Input
    public var outputs: Outputs
    public var heads: [Head]
    /// What a chest film could show that no shown head covers, in plain words.
    public var notChecked: [String]

    /// How a grey picture becomes the tensor `[N, 1, height, width]`.
    public struct Input: Codable, Sendable, Equatable {
        public var name: String
        public var width: Int
        public var height: Int
        public var channels: Int
        /// Grey of black and of white.
        public var range: [Double]
        public var polarity: String
        public var resize: Resize
        public var grey: String

        public struct Resize: Codable, Sendable, Equatable {
            /// `triangle`: separable antialiased triangle filter, support scaled by the shrink factor.
            public var method: String
            public var fit: Fit

            public enum Fit: String, Codable, Sendable {
                /// The whole picture squeezed to the square, letterboxed with black, or its centre square.
                case stretch, pad, crop
            }
        }
    }

    /// Names of the graph's outputs.
    public struct Outputs: Codable, Sendable, Equatable {
        /// `[N, K]`: all heads side by side.
        public var logits: String
        /// `[N, C, rows, columns]`: class activation maps.
        public var activation: String
    }

    public struct Head: Codable, Sendable, Equatable {
        public enum Kind: String, Codable, Sendable { case binary, softmax }

        public enum Purpose: String, Codable, Sendable {
            /// Refuses a picture whose probability is under the threshold.
            case gate
            case orientation, polarity, view
            /// Refuses a picture whose probability reaches the threshold; the head's id is the code of the refusal.
            case fault
            case finding
        }

        public var id: String
        public var kind: Kind
        public var purpose: Purpose
        /// Positions in `logits`: one for a binary head, one for each class otherwise.
        public var indices: [Int]
        /// Channel of `activation`; nil where the head has no heat map.
        public var activationIndex: Int?
        public var classes: [String]?
        public var name: String?
        public var plain: String?
        public var means: String?
        public var code: Coding?
        public var calibration: Calibration
        public var threshold: Double?
        public var thresholdRule: String?
        public var shown: Bool
        public var whyNotShown: String?
        public var scope: Scope?
        /// This head only means something when the named head is flagged.
        public var onlyWhenFlagged: String?
        public var measured: Measured?
    }

    /// Platt scaling: probability = sigmoid(scale * logit + bias); for softmax heads only `scale` is used.
    ///
    /// Source: Platt, "Probabilistic Outputs for Support Vector Machines", 1999.
    public struct Calibration: Codable, Sendable, Equatable {
        public var scale: Double
        public var bias: Double?
    }

    /// For whom a head speaks. Ages in whole years, inclusive; nil means no limit.
    public struct Scope: Codable, Sendable, Equatable {
        public var minAge: Int?
        public var maxAge: Int?
        public var views: [String]?

        public init(minAge: Int?, maxAge: Int?, views: [String]?) {
            self.minAge = minAge
            self.maxAge = maxAge
            self.views = views
        }
    }

    /// Results on held-out data. Rates 0...1; `aucLow`...`aucHigh` is the 95 % interval.
    public struct Measured: Codable, Sendable, Equatable {
        public var dataset: String
        public var images: Int
        public var positives: Int?
        public var auc: Double?
        public var aucLow: Double?
        public var aucHigh: Double?
        public var sensitivity: Double?
        public var specificity: Double?
        public var ece: Double?
        public var accuracy: Double?
        /// The pictures in order of their probability, in groups; the first group that reaches a probability holds it.
        public var groups: [Group]?

        /// Pictures of the validation set with about the same probability.
        public struct Group: Codable, Sendable, Equatable {
            /// Highest probability in the group.
            public var upTo: Double
            public var images: Int
            public var positives: Int
        }

        /// How often pictures with a probability like this one had the finding; nil where too few were measured to say
        /// so of a hundred.
        ///
        /// Natural frequencies are understood better than probabilities: Gigerenzer et al., "Helping doctors and
        /// patients make sense of health statistics", 2007.
        public func frequency(of probability: Double) -> Frequency? {
            guard let groups, let group = groups.first(where: { probability <= $0.upTo }) ?? groups.last,
                group.images >= Frequency.fewestImages
            else { return nil }
            return Frequency(images: group.images, positives: group.positives)
        }
    }
}

/// Of so many pictures so many had the finding.
public struct Frequency: Codable, Sendable, Equatable {
    static let fewestImages = 100

    public var images: Int
    public var positives: Int

    public init(images: Int, positives: Int) {
        self.images = images
        self.positives = positives
    }
}

/// A code from a terminology, as in FHIR.
public struct Coding: Codable, Sendable, Equatable {
    public var system: String
    public var code: String
    public var display: String

    public init(system: String, code: String, display: String) {
        self.system = system
        self.code = code
        self.display = display
    }
}
