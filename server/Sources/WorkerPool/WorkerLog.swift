internal import Dispatch
internal import Foundation
internal import Glibc
internal import Logging
internal import Synchronization

/// Turns what a worker writes to standard error into log lines: few, short and printable, whoever wrote them.
final class WorkerLog: Sendable {
    private static let longestLine = 500
    private static let mostLines = 100

    private let descriptor: Int32
    private let logger: Logger
    private let last = Mutex<String?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    /// Takes over the reading end of a pipe.
    init(reading descriptor: Int32, logger: Logger) {
        self.descriptor = descriptor
        self.logger = logger
    }

    deinit {
        close(descriptor)
    }

    var lastLine: String? { last.withLock { $0 } }

    /// Reads on a thread of its own until the worker has closed its end.
    func start(process: Int32) {
        Thread.detachNewThread { [self] in
            readToEnd(process)
            ended.signal()
        }
    }

    /// Waits until the last line is read, but not for ever: what is no worker may have left its end to someone else.
    func awaitEnd() {
        if ended.wait(timeout: .now() + .seconds(1)) == .success { ended.signal() }
    }

    private func readToEnd(_ process: Int32) {
        var line: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        var lines = 0
        func finishLine() {
            defer { line.removeAll(keepingCapacity: true) }
            let text = Self.printable(line)
            guard !text.isEmpty, lines < Self.mostLines else { return }
            lines += 1
            last.withLock { $0 = text }
            logger.warning("worker wrote", metadata: ["pid": "\(process)", "line": "\(text)"])
        }
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in buffer[..<count] {
                if byte == UInt8(ascii: "\n") {
                    finishLine()
                } else if line.count < Self.longestLine {
                    line.append(byte)
                }
            }
        }
        finishLine()
    }

    /// ASCII without control characters; anything else becomes a question mark.
    static func printable(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }
}
