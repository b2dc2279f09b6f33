import CProcess
import Glibc

/// How much memory a process holds, as the kernel says (proc_pid_status(5)).
public struct ProcessMemory: Sendable, Equatable {
    /// In bytes.
    public var resident: Int
    public var virtual: Int
    /// The most that was ever resident.
    public var mostResident: Int

    public init(resident: Int, virtual: Int, mostResident: Int) {
        self.resident = resident
        self.virtual = virtual
        self.mostResident = mostResident
    }

    /// Reads the text of `/proc/PID/status`; nil where a value is missing.
    public init?(status: String) {
        func bytes(_ name: String) -> Int? {
            guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }) else {
                return nil
            }
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            guard words.count == 3, words[2] == "kB" else { return nil }
            return Int(words[1]).map { $0 << 10 }
        }
        guard let resident = bytes("VmRSS"), let virtual = bytes("VmSize"), let most = bytes("VmHWM") else {
            return nil
        }
        self.init(resident: resident, virtual: virtual, mostResident: most)
    }

    /// Of this process; nil where the system has no `/proc`.
    public static func ofThisProcess() -> ProcessMemory? {
        SystemFile.text("/proc/self/status").flatMap { ProcessMemory(status: $0) }
    }

    /// Gives what the allocator holds and nobody uses back to the system.
    public static func trim() { lb_process_return_free_memory() }
}

/// How much work waits for memory in the whole system: Pressure Stall Information, of Linux 4.20 and later.
public enum MemoryPressure {
    /// Percent of the last ten seconds in which something waited for memory; nil where the kernel doesn't tell.
    public static func now() -> Double? {
        SystemFile.text("/proc/pressure/memory").flatMap { share(in: $0) }
    }

    /// `some avg10=0.12 avg60=…`
    static func share(in text: String) -> Double? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("some ") }),
            let word = line.split(separator: " ").first(where: { $0.hasPrefix("avg10=") })
        else { return nil }
        return Double(word.dropFirst("avg10=".count))
    }
}

/// A small text that the kernel makes while it is read.
private enum SystemFile {
    static func text(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
