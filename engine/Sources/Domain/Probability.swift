import Foundation

extension ModelManifest.Head {
    /// Calibrated probabilities, one for a binary head, one for each class otherwise; nil if `logits` is too short or
    /// not finite.
    public func probabilities(_ logits: [Float]) -> [Double]? {
        guard !indices.isEmpty, indices.allSatisfy(logits.indices.contains) else { return nil }
        let own = indices.map { Double(logits[$0]) * calibration.scale }
        guard own.allSatisfy(\.isFinite) else { return nil }
        switch kind {
        case .binary:
            return [1 / (1 + exp(-(own[0] + (calibration.bias ?? 0))))]
        case .softmax:
            let largest = own.max() ?? 0
            let powers = own.map { exp($0 - largest) }
            let sum = powers.reduce(0, +)
            return powers.map { $0 / sum }
        }
    }

    /// The most probable class of a softmax head, if it reaches the threshold.
    public func decision(_ logits: [Float]) -> (name: String, probability: Double)? {
        guard let classes, let all = probabilities(logits), all.count == classes.count,
            let best = all.indices.max(by: { all[$0] < all[$1] }), all[best] >= threshold ?? 0
        else { return nil }
        return (classes[best], all[best])
    }
}
