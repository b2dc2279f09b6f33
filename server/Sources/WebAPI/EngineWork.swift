import Domain
import Workflows

/// What a worker makes while somebody waits for the answer.
enum EngineWork {
    /// - Throws: ``Fault/picture(_:)`` where the picture is at fault; ``Problem`` `engine-unavailable` otherwise.
    static func carryOut<Value>(_ work: () async throws(EngineFault) -> Value) async throws -> Value {
        do throws(EngineFault) {
            return try await work()
        } catch .picture(let fault) {
            throw Fault.picture(fault)
        } catch {
            throw Problem(
                .engineUnavailable, "The part that reads pictures isn't ready. Try again in a moment.", cause: error)
        }
    }
}

/// Bytes that were just made.
struct MadeBytes: ByteSource {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var size: Int { bytes.count }

    func read(_ range: Range<Int>) async throws(Fault) -> [UInt8] { Array(bytes[range]) }
}
