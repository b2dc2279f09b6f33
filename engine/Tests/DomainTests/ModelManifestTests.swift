import Domain
import Foundation
import Testing

@Suite("The shipped model package")
struct ModelManifestTests {
    static let manifest: Result<ModelManifest, any Error> = Result {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../models/chest-xray")
        return try JSONDecoder().decode(
            ModelManifest.self, from: Data(contentsOf: root.appending(path: "manifest.json")))
    }

    @Test("Every finding that is shown was measured, and well enough")
    func measured() throws {
        let manifest = try Self.manifest.get()
        let shown = manifest.heads.filter { $0.purpose == .finding && $0.shown }
        #expect(!shown.isEmpty)
        for head in shown {
            let auc = try #require(head.measured?.auc, "\(head.id)")
            #expect(auc >= 0.7, "\(head.id)")
            #expect(
                head.threshold != nil && head.name != nil && head.plain != nil && head.means != nil
                    && head.scope != nil, "\(head.id)")
        }
        for head in manifest.heads where !head.shown { #expect(head.whyNotShown != nil, "\(head.id)") }
        #expect(!manifest.notChecked.isEmpty)
    }

    @Test("No shown finding speaks for ages 6 to 17, and none for both adults and children")
    func scopes() throws {
        for head in try Self.manifest.get().heads where head.purpose == .finding && head.shown {
            let scope = try #require(head.scope)
            for age in 6...17 { #expect(scope.exclusion(age: age, view: nil) != nil, "\(head.id) at \(age)") }
            #expect(
                scope.exclusion(age: 3, view: nil) != nil || scope.exclusion(age: 40, view: nil) != nil, "\(head.id)")
            #expect(scope.exclusion(age: nil, view: nil) != nil, "\(head.id)")
        }
    }

    @Test("Ids are safe to stand in a path, and positions are used once")
    func ids() throws {
        let heads = try Self.manifest.get().heads
        #expect(Set(heads.map(\.id)).count == heads.count)
        #expect(heads.allSatisfy { $0.id.wholeMatch(of: /[a-z][a-z.-]*/) != nil })
        let indices = heads.flatMap(\.indices)
        #expect(Set(indices).count == indices.count)
    }

    @Test("Every head for a fault of the picture has words for its refusal, and refuses few good films")
    func faults() throws {
        let faults = try Self.manifest.get().heads.filter { $0.purpose == .fault && $0.shown }
        #expect(Set(faults.map(\.id)) == ["not-frontal", "glare", "cropped", "mirrored"])
        for head in faults {
            #expect(Refusal.Code(rawValue: head.id) != nil, "\(head.id)")
            #expect(try #require(head.threshold) >= 0.9, "\(head.id)")
            #expect(try #require(head.measured?.specificity) >= 0.997, "\(head.id)")
            #expect(try #require(head.measured?.sensitivity) > 0.5, "\(head.id)")
        }
    }

    @Test("The groups of a head are in order and hold every picture that was measured")
    func groups() throws {
        for head in try Self.manifest.get().heads where head.purpose == .finding && head.shown {
            let measured = try #require(head.measured)
            let groups = try #require(measured.groups, "\(head.id)")
            #expect(groups.map(\.upTo) == groups.map(\.upTo).sorted(), "\(head.id)")
            #expect(groups.reduce(0) { $0 + $1.images } == measured.images, "\(head.id)")
            #expect(groups.reduce(0) { $0 + $1.positives } == measured.positives, "\(head.id)")
        }
    }
}
