public import Domain
public import Foundation

/// Takes a version of a model out of use, and says which reports rest on it.
public struct WithdrawModel: Sendable {
    let studies: any WithdrawalStore
    let audit: any Audit
    let now: @Sendable () -> Date

    public init(studies: any WithdrawalStore, audit: any Audit, now: @escaping @Sendable () -> Date) {
        self.studies = studies
        self.audit = audit
        self.now = now
    }

    /// A withdrawn version, and the reports that used it.
    public struct Withdrawn: Sendable, Equatable {
        public var withdrawal: ModelWithdrawal
        public var reports: [AffectedReport]
        /// Whether it was withdrawn just now.
        public var isNew: Bool
    }

    /// - Throws: ``Fault/validation(_:)``.
    public func callAsFunction(
        _ model: String, version: String, because reason: String, by name: String
    ) async throws(Fault) -> Withdrawn {
        let wanted: ModelWithdrawal
        do throws(ValidationFault) {
            // Whole seconds, because that is how finely it is told.
            let time = Date(timeIntervalSince1970: now().timeIntervalSince1970.rounded(.down))
            wanted = try ModelWithdrawal(of: model, typedVersion: version, because: reason, by: name, at: time)
        } catch {
            throw .validation(error)
        }
        let (kept, isNew) = try await studies.withdraw(wanted)
        if isNew { audit.record(.modelWithdrawn, on: "model:\(kept.model) \(kept.version)") }
        return Withdrawn(
            withdrawal: kept, reports: try await studies.reports(of: kept.model, version: kept.version), isNew: isNew)
    }

    /// All of them, newest first.
    public func list() async throws(Fault) -> [Withdrawn] {
        var all: [Withdrawn] = []
        for withdrawal in try await studies.withdrawals() {
            all.append(
                Withdrawn(
                    withdrawal: withdrawal,
                    reports: try await studies.reports(of: withdrawal.model, version: withdrawal.version),
                    isNew: false))
        }
        return all
    }
}

extension WithdrawalStore {
    public func withdrawal(of manifest: ModelManifest) async throws(Fault) -> ModelWithdrawal? {
        try await withdrawal(of: manifest.id, version: manifest.version)
    }
}
