import Foundation
import Glibc

/// What the kernel says about this process (proc(5)), under the names that Prometheus' clients use.
public enum ProcessMetrics {
    struct Sample {
        let name: String
        let kind: String
        let value: Double
    }

    /// Of the first look, which is the bootstrap of the metrics.
    static let startTime = Date().timeIntervalSince1970

    /// In bytes; nil where the kernel doesn't say.
    public static var residentMemory: Double? {
        field(1, of: "/proc/self/statm").map { $0 * Double(sysconf(Int32(_SC_PAGESIZE))) }
    }

    static func sample() -> [Sample] {
        var samples: [Sample] = []
        if let bytes = residentMemory {
            samples.append(Sample(name: "process_resident_memory_bytes", kind: "gauge", value: bytes))
        }
        var usage = rusage()
        if getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 {
            let seconds = Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            let micros = Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
            samples.append(Sample(name: "process_cpu_seconds_total", kind: "counter", value: seconds + micros / 1e6))
        }
        if let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            samples.append(Sample(name: "process_open_fds", kind: "gauge", value: Double(descriptors)))
        }
        if let pages = field(0, of: "/proc/self/statm") {
            samples.append(
                Sample(
                    name: "process_virtual_memory_bytes", kind: "gauge",
                    value: pages * Double(sysconf(Int32(_SC_PAGESIZE)))))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            samples.append(Sample(name: "process_max_fds", kind: "gauge", value: Double(limit.rlim_cur)))
        }
        samples.append(Sample(name: "process_start_time_seconds", kind: "gauge", value: startTime))
        return samples
    }

    private static func field(_ index: Int, of path: String) -> Double? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        return fields.indices.contains(index) ? Double(fields[index]) : nil
    }
}
