import Assistant
import Testing

@Suite("What a clinician's words say of the model's findings")
struct ReadingClaimsTests {
    static let sentences: [(String, named: Set<String>, denied: Set<String>)] = [
        ("Small left apical pneumothorax.", ["pneumothorax"], []), ("No pneumothorax.", [], ["pneumothorax"]),
        (
            "No focal consolidation, pleural effusion or pneumothorax.", [],
            ["consolidation", "effusion", "pneumothorax"]
        ),
        ("No effusion but a large mass.", ["mass"], ["effusion"]), ("Effusion is not seen.", [], ["effusion"]),
        ("Pneumothorax cannot be excluded.", [], []), ("Possible effusion?", [], []),
        ("Pneumothorax excluded.", [], ["pneumothorax"]), ("Previous effusion.", [], []),
        ("No effusion.\nBilateral effusion.", [], []), ("The heart is enlarged: cardiomegaly.", ["cardiomegaly"], []),
    ]

    @Test("What is there and what isn't; nothing where it is hedged, old or said both ways", arguments: sentences)
    func claims(text: String, named: Set<String>, denied: Set<String>) {
        let claims = ReadingClaims(text)
        #expect(claims.named == named && claims.denied == denied)
    }

    @Test("Nothing seen at all contradicts every mark, unless something is named")
    func nothing() {
        for text in ["Normal chest.", "Lungs are clear", "No acute findings.", "Unremarkable study."] {
            #expect(ReadingClaims(text).contradicts(mark: true, of: "effusion"), "\(text)")
            #expect(!ReadingClaims(text).contradicts(mark: false, of: "effusion"))
        }
        #expect(!ReadingClaims("Lungs are clear. Cardiomegaly.").contradicts(mark: true, of: "effusion"))
        #expect(ReadingClaims("No pneumonia.").contradicts(mark: true, of: "pneumonia-child"))
    }
}
