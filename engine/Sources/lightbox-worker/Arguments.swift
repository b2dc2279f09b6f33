/// What the command line says.
struct Arguments {
    /// The folder that holds `libopenvino_c.so`.
    var libraries = ""
    /// The folder of the model package.
    var model = ""
    /// The sentence model and its tokenizer; empty where there is none.
    var sentences = ""
    var tokenizer = ""
    /// Threads of one inference, 1...64.
    var threads = 1
    /// Most pictures that go through the model in one run, 1...8.
    var batch = 1
    /// Most address space in MiB; 0 for no limit.
    var memoryLimit = 0
    /// Most seconds of processor time for one job; 0 for no limit.
    var cpuLimit = 0
    /// The folder that holds `eng.traineddata`; empty for the one that Tesseract was built with.
    var textData = ""

    static let usage =
        "usage: lightbox-worker --openvino LIBDIR --model MODELDIR [--sentences MODEL.onnx --tokenizer FILE.json]"
        + " [--text-data DIR] [--threads N] [--batch N] [--memory-limit MIB] [--cpu-limit SECONDS]"

    struct Mistake: Error {
        let message: String
    }

    /// - Parameter words: without the program's name.
    init(_ words: [String]) throws(Mistake) {
        var rest = words[...]
        while let option = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Mistake(message: "\(option) has no value.") }
            switch option {
            case "--openvino": libraries = value
            case "--model": model = value
            case "--sentences": sentences = value
            case "--tokenizer": tokenizer = value
            case "--threads": threads = try Self.number(value, of: option, in: 1...64)
            case "--batch": batch = try Self.number(value, of: option, in: 1...8)
            case "--memory-limit": memoryLimit = try Self.number(value, of: option, in: 0...1 << 20)
            case "--cpu-limit": cpuLimit = try Self.number(value, of: option, in: 0...86_400)
            case "--text-data": textData = value
            default: throw Mistake(message: "\(option) is not known.")
            }
        }
        guard !libraries.isEmpty else { throw Mistake(message: "--openvino is missing.") }
        guard sentences.isEmpty == tokenizer.isEmpty else {
            throw Mistake(message: "--sentences and --tokenizer go together.")
        }
        guard !model.isEmpty else { throw Mistake(message: "--model is missing.") }
    }

    private static func number(
        _ text: String, of option: String, in range: ClosedRange<Int>
    ) throws(Mistake) -> Int {
        guard let number = Int(text), range.contains(number) else {
            throw Mistake(message: "\(option) must be a number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
