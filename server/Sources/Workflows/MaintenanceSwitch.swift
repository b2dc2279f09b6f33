import Domain
public import Foundation
import Synchronization

/// Whether new sessions, pictures and analyses are taken. It is kept, so that a restart doesn't end it.
public final class MaintenanceSwitch: Sendable {
    private let store: any OperatorStore
    private let audit: any Audit
    private let now: @Sendable () -> Date
    private let state: Mutex<Maintenance?>

    public static let longestMessage = 300

    public init(store: any OperatorStore, audit: any Audit, now: @escaping @Sendable () -> Date) async throws(Fault) {
        self.store = store
        self.audit = audit
        self.now = now
        state = Mutex(try await store.maintenance())
    }

    /// nil where everything is taken.
    public var current: Maintenance? { state.withLock { $0 } }

    /// - Throws: ``Fault/validation(_:)``.
    public func turnOn(telling message: String) async throws(Fault) -> Maintenance {
        let text = message.trimmingCharacters(in: .whitespacesAndNewlines)
        guard text.visibleCount > 0 else { throw Self.fault(.required, "Say what people are told.") }
        guard text.count <= Self.longestMessage else {
            throw Self.fault(.tooLong, "Enter at most \(Self.longestMessage) characters.")
        }
        guard !text.hasControlCharacters else {
            throw Self.fault(.forbiddenCharacter, "Remove the control characters.")
        }
        let maintenance = Maintenance(message: text, since: current?.since ?? now())
        try await store.setMaintenance(maintenance)
        let before = state.withLock { state in
            defer { state = maintenance }
            return state
        }
        if before == nil { audit.record(.maintenanceBegun) }
        return maintenance
    }

    public func turnOff() async throws(Fault) {
        try await store.setMaintenance(nil)
        let before = state.withLock { state in
            defer { state = nil }
            return state
        }
        if before != nil { audit.record(.maintenanceEnded) }
    }

    private static func fault(_ code: FieldFault.Code, _ detail: String) -> Fault {
        .validation(ValidationFault([FieldFault(pointer: "/message", code: code, detail: detail)]))
    }
}
