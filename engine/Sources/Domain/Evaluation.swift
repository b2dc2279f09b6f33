/// How well a head's probabilities agree with labels. Pure, and the same for the same input: the intervals are drawn with
/// a fixed seed.
public struct Evaluation: Sendable, Equatable, Codable {
    /// One picture: what the head said and what the label says.
    public struct Sample: Sendable, Equatable {
        /// 0...1.
        public var probability: Double
        public var isPositive: Bool
        /// Pictures of one patient are drawn together.
        public var patient: String

        public init(probability: Double, isPositive: Bool, patient: String) {
            self.probability = probability
            self.isPositive = isPositive
            self.patient = patient
        }
    }

    public var images: Int
    public var patients: Int
    public var positives: Int
    /// Area under the ROC curve, ties counted half; nil where one of the two classes is missing.
    ///
    /// Source: Hanley, McNeil, "The meaning and use of the area under a ROC curve", Radiology 1982.
    public var auc: Double?
    /// 95 % interval, bootstrapped by patient.
    public var aucLow: Double?
    public var aucHigh: Double?
    /// Of the positives, the fraction at or over the threshold; of the negatives, the fraction below.
    public var sensitivity: Double?
    public var specificity: Double?
    /// Expected calibration error, ten bins of equal count; nil without pictures.
    public var ece: Double?

    /// - Parameters:
    ///   - threshold: from which on a probability counts as positive.
    ///   - rounds: how often patients are drawn for the interval; 0 leaves it out.
    public init(_ samples: [Sample], threshold: Double, rounds: Int = 1000) {
        images = samples.count
        patients = Set(samples.map(\.patient)).count
        positives = samples.count { $0.isPositive }
        let sorted = samples.sorted { $0.probability < $1.probability }
        let ranking = Ranking(sorted)
        auc = ranking.auc(weights: [Int](repeating: 1, count: ranking.patients))
        (aucLow, aucHigh) = ranking.interval(rounds: rounds)
        let found = sorted.count { $0.isPositive && $0.probability >= threshold }
        let spared = sorted.count { !$0.isPositive && $0.probability < threshold }
        let negatives = samples.count - positives
        sensitivity = positives > 0 ? Double(found) / Double(positives) : nil
        specificity = negatives > 0 ? Double(spared) / Double(negatives) : nil
        ece = Self.calibrationError(sorted, bins: 10)
    }

    /// - Parameter sorted: by probability.
    private static func calibrationError(_ sorted: [Sample], bins: Int) -> Double? {
        guard !sorted.isEmpty else { return nil }
        var sum = 0.0
        for bin in 0..<bins {
            let members = sorted[(bin * sorted.count / bins)..<((bin + 1) * sorted.count / bins)]
            let predicted = members.reduce(0) { $0 + $1.probability }
            let observed = Double(members.count { $0.isPositive })
            sum += abs(predicted - observed)
        }
        return sum / Double(sorted.count)
    }
}

/// Samples in the order of their probability, prepared so that each bootstrap round is one pass.
private struct Ranking {
    /// How many patients there are.
    let patients: Int
    private let owners: [Int]
    private let isPositive: [Bool]
    /// Where the samples of equal probability end.
    private let ends: [Int]

    init(_ sorted: [Evaluation.Sample]) {
        var numbers: [String: Int] = [:]
        var owners: [Int] = []
        for sample in sorted {
            let number = numbers[sample.patient] ?? numbers.count
            numbers[sample.patient] = number
            owners.append(number)
        }
        self.owners = owners
        patients = numbers.count
        isPositive = sorted.map(\.isPositive)
        ends = sorted.indices.filter {
            $0 + 1 == sorted.count || sorted[$0].probability != sorted[$0 + 1].probability
        }.map { $0 + 1 }
    }

    /// - Parameter weights: how often each patient counts.
    func auc(weights: [Int]) -> Double? {
        var pairs = 0.0
        var positives = 0.0
        var negatives = 0.0
        var start = 0
        for end in ends {
            var up = 0.0
            var down = 0.0
            for index in start..<end {
                if isPositive[index] {
                    up += Double(weights[owners[index]])
                } else {
                    down += Double(weights[owners[index]])
                }
            }
            pairs += up * (negatives + down / 2)
            positives += up
            negatives += down
            start = end
        }
        return positives > 0 && negatives > 0 ? pairs / positives / negatives : nil
    }

    func interval(rounds: Int) -> (low: Double?, high: Double?) {
        var generator = SplitMix64(state: 0)
        var found: [Double] = []
        var weights = [Int](repeating: 0, count: patients)
        for _ in 0..<(patients > 1 ? rounds : 0) {
            for index in weights.indices { weights[index] = 0 }
            for _ in 0..<patients { weights[Int.random(in: 0..<patients, using: &generator)] += 1 }
            if let auc = auc(weights: weights) { found.append(auc) }
        }
        guard !found.isEmpty else { return (nil, nil) }
        found.sort()
        func percentile(_ fraction: Double) -> Double {
            let place = fraction * Double(found.count - 1)
            let below = Int(place)
            let above = min(below + 1, found.count - 1)
            return found[below] + (found[above] - found[below]) * (place - Double(below))
        }
        return (percentile(0.025), percentile(0.975))
    }
}

/// Random numbers that are the same in every run.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
private struct SplitMix64: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}
