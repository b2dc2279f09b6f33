public import WorkerProtocol

/// What the pool does now, for health checks and operators.
public struct WorkerPoolStatus: Sendable, Equatable {
    public struct Worker: Sendable, Equatable {
        public enum State: String, Sendable, Equatable, CaseIterable {
            /// Loading the model.
            case starting
            case idle
            case busy
            /// Waiting before it is started again.
            case pausing
            case stopped
        }

        /// Nil while no process runs.
        public var processID: Int32?
        public var state: State
        /// Jobs that were answered, over all processes in this place.
        public var jobs: Int
        /// How often the process was replaced, for whatever reason.
        public var restarts: Int
        /// In bytes, or nil.
        public var residentMemory: Int?
        /// Why the last start failed; nil once one has succeeded.
        public var startError: String?
    }

    public var workers: [Worker]
    /// Jobs that wait for a worker.
    public var waiting: Int
    /// What the workers run; nil until the first is ready.
    public var readiness: WorkerReadiness?

    /// Why no job can be done now, or nil: no worker runs and the last attempts to start one have failed.
    public var trouble: String? {
        guard workers.allSatisfy({ $0.startError != nil || $0.state == .stopped }) else { return nil }
        return workers.lazy.compactMap(\.startError).first ?? "The workers are stopped."
    }
}
