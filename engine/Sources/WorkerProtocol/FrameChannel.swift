internal import CDescriptorPassing
internal import Glibc

/// Frames over a stream socket, with a descriptor beside a frame where it needs one. Blocks the calling thread; one thread
/// at a time.
public final class FrameChannel {
    /// The socket. Closed by ``close()`` and when the channel goes.
    public private(set) var descriptor: Int32

    /// Takes over a connected stream socket.
    public init(taking descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close()
    }

    /// Two connected channels' sockets, close on exec.
    /// - Throws: ``WorkerProtocolFault`` with `system`.
    public static func pair() throws(WorkerProtocolFault) -> (Int32, Int32) {
        var sockets: [Int32] = [-1, -1]
        let status = lb_socket_pair(&sockets)
        guard status == 0 else { throw WorkerProtocolFault(system: Int(status), "A socket pair cannot be made") }
        return (sockets[0], sockets[1])
    }

    /// Whether a descriptor of this process is a socket.
    public static func isSocket(_ descriptor: Int32) -> Bool {
        lb_is_socket(descriptor) != 0
    }

    public func close() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }

    /// Sends a frame.
    ///
    /// - Parameters:
    ///   - passing: a descriptor that the other side gets a copy of.
    ///   - deadline: nil waits for ever.
    /// - Throws: ``WorkerProtocolFault``; a part of the frame may have been sent.
    public func send<Message>(
        _ frame: WorkerFrame<Message>, passing picture: Int32? = nil, deadline: ContinuousClock.Instant? = nil
    ) throws(WorkerProtocolFault) {
        let bytes = try frame.encoded()
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                lb_socket_send(
                    descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent,
                    sent == 0 ? picture ?? -1 : -1)
            }
            if count == -Int(EAGAIN) {
                try wait(toWrite: true, until: deadline)
            } else if count < 0 {
                throw WorkerProtocolFault(system: count, "A frame cannot be sent")
            } else {
                sent += count
            }
        }
    }

    /// Receives a frame with which no descriptor may come.
    /// - Throws: ``WorkerProtocolFault``; `closed` where the other side ended, in the middle of a frame or not.
    public func receive<Message>(
        _ message: Message.Type, deadline: ContinuousClock.Instant? = nil
    ) throws(WorkerProtocolFault) -> WorkerFrame<Message> {
        let header = try FrameHeader(read(FrameHeader.length, until: deadline))
        return try WorkerFrame(header: header, body: read(header.bodyLength, until: deadline))
    }

    /// Receives a frame with exactly one descriptor, which the caller has to close.
    /// - Throws: ``WorkerProtocolFault``; no descriptor is left open then.
    public func receiveWithDescriptor<Message>(
        _ message: Message.Type, deadline: ContinuousClock.Instant? = nil
    ) throws(WorkerProtocolFault) -> (frame: WorkerFrame<Message>, descriptor: Int32) {
        var picture: Int32 = -1
        do throws(WorkerProtocolFault) {
            let header = try FrameHeader(read(FrameHeader.length, until: deadline, descriptor: &picture))
            let body = try read(header.bodyLength, until: deadline)
            guard picture >= 0 else {
                throw WorkerProtocolFault(.malformed, "A request came without a descriptor of its picture.")
            }
            return (try WorkerFrame(header: header, body: body), picture)
        } catch {
            if picture >= 0 { Glibc.close(picture) }
            throw error
        }
    }

    private func read(
        _ count: Int, until deadline: ContinuousClock.Instant?
    ) throws(WorkerProtocolFault) -> [UInt8] {
        try read(count, until: deadline) { bytes in lb_socket_receive(descriptor, bytes.baseAddress, bytes.count, nil) }
    }

    /// A descriptor is taken with the first byte only; one that comes later is a fault.
    private func read(
        _ count: Int, until deadline: ContinuousClock.Instant?, descriptor picture: inout Int32
    ) throws(WorkerProtocolFault) -> [UInt8] {
        var taken: Int32 = -1
        var isFirst = true
        defer { picture = taken }
        return try read(count, until: deadline) { bytes in
            guard isFirst else { return lb_socket_receive(descriptor, bytes.baseAddress, bytes.count, nil) }
            let received = lb_socket_receive(descriptor, bytes.baseAddress, bytes.count, &taken)
            if received > 0 { isFirst = false }
            return received
        }
    }

    private func read(
        _ count: Int, until deadline: ContinuousClock.Instant?, by receive: (UnsafeMutableRawBufferPointer) -> Int
    ) throws(WorkerProtocolFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var have = 0
        while have < count {
            let received = bytes.withUnsafeMutableBytes {
                receive(UnsafeMutableRawBufferPointer(rebasing: $0[have...]))
            }
            switch received {
            case -Int(EAGAIN): try wait(toWrite: false, until: deadline)
            case -Int(EPROTO):
                throw WorkerProtocolFault(.malformed, "Descriptors came with a frame that has none.")
            case 0: throw WorkerProtocolFault(.closed, "The other side has closed the connection.")
            case ..<0: throw WorkerProtocolFault(system: received, "A frame cannot be received")
            default: have += received
            }
        }
        return bytes
    }

    private func wait(toWrite: Bool, until deadline: ContinuousClock.Instant?) throws(WorkerProtocolFault) {
        var milliseconds: Int32 = -1
        if let deadline {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw WorkerProtocolFault(.timedOut, "The time for an answer is over.") }
            // Rounded up, so that the last wait does not become a busy loop.
            let (seconds, attoseconds) = left.components
            milliseconds = Int32(clamping: min(seconds, 1_000_000) * 1000 + attoseconds / 1_000_000_000_000_000 + 1)
        }
        let status = lb_socket_wait(descriptor, toWrite ? 1 : 0, milliseconds)
        if status < 0 { throw WorkerProtocolFault(system: Int(status), "The connection cannot be waited for") }
    }
}
