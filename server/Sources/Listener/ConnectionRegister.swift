import Metrics
import Synchronization

/// How many connections there are, of all clients and of each address.
public final class ConnectionRegister: Sendable {
    private struct State {
        var all = 0
        /// Only of addresses that have a connection, so that it is never longer than there are connections.
        var byAddress: [IPAddress: Int] = [:]
    }

    private let state = Mutex(State())
    private let limits: ListenerLimits
    private let open: Gauge

    /// - Parameter name: of the listener, for metrics.
    public init(_ limits: ListenerLimits, of name: String) {
        self.limits = limits
        open = Gauge(label: "lightbox_connections_open", dimensions: [("listener", name)])
    }

    /// - Returns: why it isn't taken. Whoever is taken must ``leave(_:)``.
    func admit(_ address: IPAddress?) -> ListenerRefusal? {
        let customer = address?.customer
        let isExempt = address.map { address in limits.exempt.contains { $0.contains(address) } } ?? true
        let (refusal, all) = state.withLock { state -> (ListenerRefusal?, Int) in
            guard state.all < limits.connections else { return (.tooManyConnections, state.all) }
            if let customer {
                let present = state.byAddress[customer, default: 0]
                guard isExempt || present < limits.connectionsPerAddress else { return (.tooManyOfAddress, state.all) }
                state.byAddress[customer] = present + 1
            }
            state.all += 1
            return (nil, state.all)
        }
        open.record(all)
        return refusal
    }

    func leave(_ address: IPAddress?) {
        let all = state.withLock { state in
            state.all -= 1
            if let customer = address?.customer {
                let left = state.byAddress[customer, default: 1] - 1
                state.byAddress[customer] = left > 0 ? left : nil
            }
            return state.all
        }
        open.record(all)
    }

    /// For tests.
    var counts: (all: Int, addresses: Int) { state.withLock { ($0.all, $0.byAddress.count) } }
}
