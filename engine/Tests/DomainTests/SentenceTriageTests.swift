import Foundation
import Testing

@testable import Domain

/// A table of sentences and the level that a careful triage nurse gives them.
struct SentenceTable {
    let rows: [(level: AcuityLevel, sentence: String)]

    init(_ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Data/\(name).tsv")
        rows = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
            let columns = line.split(separator: "\t")
            guard columns.count == 2, let level = AcuityLevel(rawValue: String(columns[0])) else { return nil }
            return (level, String(columns[1]))
        }
    }

    /// Emergencies that are missed, and others that are called one.
    func measured() -> (missed: [String], falseAlarms: [String], emergencies: Int, others: Int) {
        let triage = SentenceTriage()
        let emergencies = rows.filter { $0.level == .emergency }.map(\.sentence)
        let others = rows.filter { $0.level != .emergency }.map(\.sentence)
        return (
            emergencies.filter { triage($0).level != .emergency }, others.filter { triage($0).level == .emergency },
            emergencies.count, others.count
        )
    }
}

@Suite("Danger signs in what people write")
struct SentenceTriageTests {
    @Test("Of the table that the rules were made with no emergency is missed, and nothing else is called one")
    func ownTable() throws {
        let table = try SentenceTable("acuity-sentences")
        let measured = table.measured()
        #expect(table.rows.count >= 400)
        #expect(measured.missed == [])
        #expect(measured.falseAlarms == [])
    }

    @Test("Of the table of classes that were once missed no emergency is missed, and nothing else is called one")
    func classesTable() throws {
        let table = try SentenceTable("acuity-classes")
        let measured = table.measured()
        #expect(table.rows.count >= 380)
        #expect(measured.missed == [])
        #expect(measured.falseAlarms == [])
    }

    @Test(
        "Asked about, hinted at or told in two sentences, harm to oneself is known as such",
        arguments: [
            "How many sleeping tablets would it take so that I never wake up?", "is there a painless way to die",
            "I keep thinking about driving off the bridge", "I cut my arms again and I want to die",
            "I can't do this any longer", "if the result is bad I'd rather be dead",
            "What is a lethal dose of metoprolol?", "I want to throw myself in front of a train",
        ])
    func harmToOneself(text: String) {
        let sign = SentenceTriage.Sign(name: DangerSign.selfHarm.rawValue, level: .emergency)
        #expect(SentenceTriage()(text).signs.contains(sign))
    }

    @Test(
        "Of sentences that others wrote the rules alone miss few emergencies and give few false alarms",
        arguments: [("acuity-held-out", 139), ("acuity-blind", 127)])
    func othersTables(name: String, emergencies: Int) throws {
        let measured = try SentenceTable(name).measured()
        #expect(measured.emergencies == emergencies)
        #expect(Double(measured.missed.count) <= 0.03 * Double(measured.emergencies), "\(measured.missed)")
        #expect(Double(measured.falseAlarms.count) <= 0.05 * Double(measured.others), "\(measured.falseAlarms)")
    }

    static let contexts: [(String, AcuityLevel)] = [
        ("I have chest pain", .emergency), ("I have no chest pain", .routine),
        ("no chest pain or trouble breathing", .routine), ("I had chest pain in 2010", .routine),
        ("I had chest pain in 2010 and now again", .emergency), ("what causes chest pain?", .routine),
        ("should I worry if I get chest pain?", .routine), ("my father had a stroke at 70", .routine),
        ("my father is having a stroke", .emergency), ("nearly died laughing", .routine),
        ("my dog can't breathe", .routine), ("No fever and crushing chest pain", .emergency),
        ("NO CHEST PAIN BUT I CANT BREATHE", .emergency), ("chets pain", .emergency), ("unconcious", .emergency),
        ("a chess game", .routine), ("the report says collapse of the lung", .routine), ("", .routine),
        ("?!...", .routine), ("\u{0}\u{202E}", .routine),
        ("denies chest pain, dyspnoea, haemoptysis or fever", .routine), ("oximeter 86", .emergency),
        ("oximeter shows 98 and pulse 66", .routine), ("temperature is 36.7 today", .routine),
        ("without any warning he collapsed", .emergency), ("I'm not feeling well chest pain", .emergency),
        ("not getting better chest pain", .emergency), ("I am not joking I have chest pain", .emergency),
        ("no sleep for days chest pain", .emergency), ("No fever, or cough, chest pain now", .emergency),
        ("I am not having chest pain", .routine), ("no cough, fever, or chest pain", .routine),
        ("If it is cancer I will end my life", .emergency), ("No to all: chest pain, fainting", .routine),
    ]

    @Test("Negation, the past, other people, questions and jokes are told from what is there now", arguments: contexts)
    func context(text: String, level: AcuityLevel) {
        #expect(SentenceTriage()(text).level == level)
    }

    static let german: [(String, AcuityLevel)] = [
        ("Ich bekomme keine Luft", .emergency), ("ich kann kaum atmen", .emergency),
        ("Atemnot seit heute früh", .emergency),
        ("Druck auf der Brust", .emergency), ("Meine Brust tut weh und der linke Arm ist taub", .emergency),
        ("Er hat blaue Lippen", .emergency), ("Meine Frau ist bewusstlos", .emergency),
        ("Er reagiert nicht", .emergency),
        ("Opa ist plötzlich verwirrt", .emergency), ("Ich glaube, das ist ein Schlaganfall", .emergency),
        ("Der Mundwinkel hängt", .emergency), ("Die Zunge ist geschwollen", .emergency),
        ("Es blutet stark", .emergency),
        ("Unser Sohn hat einen Krampfanfall", .emergency), ("Ich will nicht mehr leben", .emergency),
        ("Das Kind hat eine Knopfzelle verschluckt", .emergency), ("Ich huste Blut", .urgent),
        ("Husten seit sechs Wochen", .soon), ("Keine Schmerzen in der Brust", .routine),
        ("Ich habe keine Atemnot", .routine),
        ("Mein Vater hatte einen Herzinfarkt", .routine), ("Schlaganfall vor zehn Jahren", .routine),
        ("Guten Tag", .routine),
        ("Ich habe immer noch Atemnot", .emergency), ("Plötzlich ohne Grund Atemnot", .emergency),
        ("Es geht mir nicht gut Druck auf der Brust", .emergency),
    ]

    @Test("The plainest signs are understood in German too", arguments: german)
    func inGerman(text: String, level: AcuityLevel) {
        #expect(SentenceTriage()(text).level == level)
    }

    @Test("A long text is read to its limit without harm")
    func longText() {
        let text = String(repeating: "no pain, but my mum says ", count: 4000)
        #expect(SentenceTriage()(text).level < .emergency)
    }

    @Test("A reason is a sentence with a source, and holds nothing of what was written")
    func reasons() {
        let reasons = SentenceTriage().reasons(in: "Jane Doe can't breathe", field: nil)
        #expect(reasons.map(\.origin) == [.message])
        #expect(reasons.allSatisfy { $0.text.hasSuffix(".") && $0.source.url.hasPrefix("https://") })
        #expect(!"\(reasons)".contains("Jane"))
    }

    @Test("No common word is mended into a danger sign", arguments: ["breast", "cheat", "visiting", "strike", "hear"])
    func neighbours(word: String) {
        #expect(Spelling.mend(word) == word)
    }

    @Test("A phrase is words with gaps, beginnings and numbers")
    func phrases() {
        let phrase = Phrase("cannot|hardly ~2 breath*")
        #expect(phrase.occurs(in: ["i", "cannot", "really", "breathe"]))
        #expect(!phrase.occurs(in: ["i", "cannot", "even", "really", "now", "breathe"]))
        #expect(Phrase("since #").occurs(in: ["since", "3"]))
        #expect(!Phrase("since #").occurs(in: ["since", "three"]))
        #expect(Phrase("#8+").occurs(in: ["30"]))
        #expect(!Phrase("#8+").occurs(in: ["7"]))
        #expect(!Phrase("#8+").occurs(in: ["many"]))
        #expect(Phrase("a b").matches(in: ["a", "a", "b"]) == [1..<3])
    }

    @Test("Meaning raises, and only that: no higher than urgent where the rules set a sign aside")
    func meaning() throws {
        let meaning = SentenceMeaning()
        let length = SentenceMeaning.weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let alarming = SentenceMeaning.weights.map { $0 / length }
        #expect(try #require(meaning.probability(alarming)) > 0.9)
        #expect(meaning.reasons(alarming, field: nil, isSetAside: false).map(\.level) == [.emergency])
        #expect(meaning.reasons(alarming, field: nil, isSetAside: true).map(\.level) == [.urgent])
        #expect(meaning.reasons(alarming.map { -$0 }, field: nil, isSetAside: false) == [])
        #expect(meaning.probability([1, 2]) == nil)
    }
}
