// max_len 16384
import Domain
import Glibc
import WorkerProtocol

/// Frames as the server and its worker send them. The input is a byte of choices and the frame; with the lowest bit the
/// header's lengths are mended so that they fit what follows.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzProtocol(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    guard count > 1 + FrameHeader.length else { return -1 }
    var frame = Array(UnsafeBufferPointer(start: start + 1, count: count - 1))
    if start[0] & 1 == 1 { mend(&frame) }
    switch start[0] >> 1 & 1 {
    case 0: check(frame, as: WorkerRequest.self)
    default: check(frame, as: WorkerReply.self)
    }
    return 0
}

/// Makes the two lengths add up to what is there; the first one stays where it can.
private func mend(_ frame: inout [UInt8]) {
    let body = frame.count - FrameHeader.length
    let envelope = min(body, max(1, Int(frame[0]) | Int(frame[1]) << 8))
    for (index, length) in [envelope, body - envelope].enumerated() {
        for byte in 0..<4 { frame[4 * index + byte] = UInt8(truncatingIfNeeded: length >> (8 * byte)) }
    }
}

private func check<Message: Codable & Sendable & Equatable>(_ bytes: [UInt8], as message: Message.Type) {
    let direct: WorkerFrame<Message>? = {
        guard let header = try? FrameHeader(Array(bytes.prefix(FrameHeader.length))) else { return nil }
        guard header.encoded == Array(bytes.prefix(FrameHeader.length)) else { fatalError("a header changes") }
        return try? WorkerFrame(header: header, body: Array(bytes.dropFirst(FrameHeader.length)))
    }()
    guard received(bytes, as: message) == direct else { fatalError("a socket changes what is read") }
    guard let direct else { return }
    guard let written = try? direct.encoded() else { fatalError("a frame that was read cannot be written") }
    guard received(written, as: message) == direct else {
        fatalError("what was read and written again reads otherwise")
    }
}

/// The frame that comes when these bytes go over a socket which is closed behind them.
private func received<Message>(_ bytes: [UInt8], as message: Message.Type) -> WorkerFrame<Message>? {
    guard let (near, far) = try? FrameChannel.pair() else { fatalError("no socket pair") }
    let channel = FrameChannel(taking: near)
    guard write(far, bytes, bytes.count) == bytes.count else { fatalError("the socket does not take a frame") }
    close(far)
    guard let frame = try? channel.receive(message) else { return nil }
    // What follows a frame would be the next one.
    var next: UInt8 = 0
    return read(channel.descriptor, &next, 1) == 0 ? frame : nil
}
