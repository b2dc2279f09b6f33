import Domain
import Foundation
import ImageDecoding
import WorkerProtocol

/// Decodes pictures as the worker does and says how long that took, for `bench/decode.py`.
///
/// Its argument is a model's manifest. It reads one command a line from standard input and answers each with one line:
/// `tensor FILE EDGE` makes a square input for a model and answers milliseconds, those of them on a processor, and its
/// mean; `preview FILE EDGE` makes a preview and answers how many KiB of memory that took at most beyond what was there
/// before, how many in all, and the preview's bytes. A picture that cannot be read is answered with `failed` and why.
@main
struct PictureBench {
    /// A hundred million pixels are more than the product reads.
    static let limits = PictureLimits(maxBytes: 1 << 30, maxPixels: 200_000_000, maxEdge: 32_768, minEdge: 1)

    static func main() throws {
        guard CommandLine.arguments.count == 2, PictureDecoder.prepareProcess(), PictureBytes.guardMappings() else {
            throw Mistake(what: "usage: picture-bench MANIFEST.json")
        }
        let manifest = try Data(contentsOf: URL(filePath: CommandLine.arguments[1]))
        let input = try JSONDecoder().decode(ModelManifest.self, from: manifest).input
        while let line = readLine() {
            let reply: String
            do {
                reply = try answer(line.split(separator: " ").map(String.init), input)
            } catch let fault as PictureFault {
                reply = "failed \(fault.message)"
            } catch {
                reply = "failed \(error)"
            }
            try FileHandle.standardOutput.write(contentsOf: Data((reply + "\n").utf8))
        }
    }

    struct Mistake: Error {
        let what: String
    }

    static func answer(_ words: [String], _ input: ModelManifest.Input) throws -> String {
        switch (words.first, words.count) {
        case ("tensor", 3):
            guard let edge = Int(words[2]), edge > 0 else { throw Mistake(what: "no edge") }
            var input = input
            (input.width, input.height) = (edge, edge)
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: words[1])))
            let decoder = PictureDecoder(limits: limits)
            let started = ContinuousClock.now
            let startedProcessor = Processor.milliseconds
            let picture = try bytes.withUnsafeBytes { try decoder.read($0, PictureOrder(input: input)) }
            let elapsed = started.duration(to: .now) / .milliseconds(1)
            let processor = Processor.milliseconds - startedProcessor
            let mean = picture.input.reduce(0, +) / Float(picture.input.count)
            return "\(elapsed) \(processor) \(mean)"
        case ("preview", 3):
            guard let edge = Int(words[2]), edge > 0 else { throw Mistake(what: "no edge") }
            let descriptor = open(words[1], O_RDONLY)
            guard descriptor >= 0 else { throw Mistake(what: "cannot open \(words[1])") }
            defer { close(descriptor) }
            let before = try Memory.resident()
            try Memory.forgetPeak()
            let file = try PictureBytes(descriptor: descriptor, limits: limits)
            let decoder = PictureDecoder(limits: limits) { file.release() }
            let picture = try file.withBytes { try decoder.read($0, PictureOrder(previewEdges: [edge])) }
            let peak = try Memory.peak()
            return "\(peak - before) \(peak) \(picture.previews[0].jpeg.count)"
        default: throw Mistake(what: "no such command")
        }
    }
}

enum Processor {
    /// That this process has used so far.
    static var milliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1e6
    }
}

/// This process's resident memory in KiB (proc(5)).
enum Memory {
    static func resident() throws -> Int { try number("VmRSS") }
    static func peak() throws -> Int { try number("VmHWM") }

    /// Makes the peak what is resident now.
    static func forgetPeak() throws {
        try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
    }

    private static func number(_ name: String) throws -> Int {
        let lines = try String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix(name + ":") }),
            let number = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
        else { throw PictureBench.Mistake(what: "no \(name)") }
        return number
    }
}
