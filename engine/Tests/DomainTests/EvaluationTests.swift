import Testing

@testable import Domain

@Suite("Measuring a model")
struct EvaluationTests {
    static func samples(_ positive: [Double], _ negative: [Double]) -> [Evaluation.Sample] {
        (positive.map { ($0, true) } + negative.map { ($0, false) }).enumerated().map { index, pair in
            .init(probability: pair.0, isPositive: pair.1, patient: "\(index)")
        }
    }

    @Test(
        "The area under the curve is the chance that a positive is put above a negative, ties counted half",
        arguments: [
            ([0.9, 0.8], [0.1, 0.2], 1.0), ([0.1], [0.9], 0.0), ([0.5], [0.5], 0.5), ([0.6, 0.4], [0.5], 0.5),
            ([0.9, 0.5], [0.5, 0.1], 0.875), ([0.7, 0.7, 0.2], [0.7, 0.1], 4.0 / 6),
        ])
    func auc(positive: [Double], negative: [Double], expected: Double) throws {
        let auc = try #require(Evaluation(Self.samples(positive, negative), threshold: 0.5, rounds: 0).auc)
        #expect(abs(auc - expected) < 1e-12)
    }

    @Test("Without positives or without negatives there is no area and no rate")
    func oneClass() {
        let none = Evaluation([], threshold: 0.5)
        #expect(none.auc == nil && none.ece == nil && none.sensitivity == nil && none.specificity == nil)
        let ill = Evaluation(Self.samples([0.9, 0.1], []), threshold: 0.5)
        #expect(ill.auc == nil && ill.aucLow == nil && ill.sensitivity == 0.5 && ill.specificity == nil)
        let well = Evaluation(Self.samples([], [0.9, 0.1, 0.2, 0.3]), threshold: 0.5)
        #expect(well.auc == nil && well.sensitivity == nil && well.specificity == 0.75)
    }

    @Test("A probability at the threshold counts as found")
    func threshold() {
        let evaluation = Evaluation(Self.samples([0.5, 0.4999], [0.5, 0.1]), threshold: 0.5, rounds: 0)
        #expect(evaluation.sensitivity == 0.5)
        #expect(evaluation.specificity == 0.5)
    }

    @Test("What is said to be one in ten and is one in ten is calibrated")
    func calibrated() throws {
        var samples = (0..<1000).map {
            Evaluation.Sample(probability: 0.1, isPositive: $0 % 10 == 0, patient: "\($0)")
        }
        #expect(try #require(Evaluation(samples, threshold: 0.5, rounds: 0).ece) < 1e-9)
        for index in samples.indices { samples[index].probability = 0.3 }
        #expect(abs(try #require(Evaluation(samples, threshold: 0.5, rounds: 0).ece) - 0.2) < 1e-9)
    }

    @Test("The interval holds the area, is the same each time, and widens when pictures belong to few patients")
    func interval() throws {
        let apart = (0..<400).map { index -> Evaluation.Sample in
            let isPositive = index % 4 == 0
            let spread = Double((index * 7919) % 400) / 400
            return .init(probability: isPositive ? spread : 0.7 * spread, isPositive: isPositive, patient: "\(index)")
        }
        let evaluation = Evaluation(apart, threshold: 0.5)
        let auc = try #require(evaluation.auc)
        let low = try #require(evaluation.aucLow)
        let high = try #require(evaluation.aucHigh)
        #expect(low < auc && auc < high)
        #expect(evaluation == Evaluation(apart, threshold: 0.5))
        let together = apart.enumerated().map { index, sample in
            Evaluation.Sample(
                probability: sample.probability, isPositive: sample.isPositive, patient: "\(index / 40)")
        }
        let few = Evaluation(together, threshold: 0.5)
        #expect(few.patients == 10 && few.auc == auc)
        #expect(try #require(few.aucHigh) - #require(few.aucLow) != high - low)
    }

    // MARK: - Labels

    @Test("A list of labels is read by its header, whatever the order of the columns")
    func labels() throws {
        let list = try LabelledPicture.list(
            "patient,file,view,labels,age,sex\r\n7,a.png,PA,Effusion|Pleural_Thickening,54,M\n8,\"b.png\",,No Finding,,\n"
        )
        #expect(
            list == [
                LabelledPicture(
                    file: "a.png", labels: ["Effusion", "Pleural_Thickening"], patient: "7", view: "PA", age: 54,
                    sex: "M"),
                LabelledPicture(file: "b.png", labels: [], patient: "8", view: nil, age: nil, sex: nil),
            ])
    }

    @Test(
        "A list that can't be read says where",
        arguments: [("", 1), ("a,b\n", 1), ("file,labels\na.png\n", 2), ("file,labels\na.png,x\nb.png,x,y\n", 3)])
    func badLabels(text: String, line: Int) throws {
        let error = try #require(throws: UnreadableLabels.self) { try LabelledPicture.list(text) }
        #expect(error.line == line)
    }

    @Test("Without patients each file is one")
    func noPatients() throws {
        #expect(try LabelledPicture.list("file,labels\na.png,Mass\n").first?.patient == "a.png")
    }

    @Test("A label speaks of the head of its name, and of any finding; others say nothing")
    func heads() {
        let picture = LabelledPicture(
            file: "a", labels: ["Pleural_Thickening"], patient: "1", view: nil, age: nil, sex: nil)
        let known: Set = ["pleural-thickening", "mass"]
        #expect(picture.says(of: "pleural-thickening", among: known) == true)
        #expect(picture.says(of: "mass", among: known) == false)
        #expect(picture.says(of: "pneumonia-child", among: known) == nil)
        #expect(picture.says(of: "any-finding", among: known) == true)
    }
}
