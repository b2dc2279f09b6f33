import Dispatch
import Foundation
import Synchronization
import Testing
import Workflows

@testable import BlobStorage

@Suite("Files that become durable at the same time")
struct SyncGroupTests {
    /// Syncs that end when the test says so.
    private final class Disk: Sendable {
        let began = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        let few = Mutex<[[Int32]]>([])
        let all = Mutex(0)

        var ways: SyncGroup.Ways {
            .init(
                few: { files, _ in
                    self.few.withLock { $0.append(files) }
                    self.began.continuation.yield()
                    self.gate.wait()
                },
                all: { _ throws(Fault) in
                    let number = self.all.withLock { count in
                        count += 1
                        return count
                    }
                    if number > 1 { throw .storageFull }
                })
        }
    }

    @Test("Those that come while one sync runs share the next one, and what it ends with")
    func shared() async throws {
        let disk = Disk()
        let group = try SyncGroup(root: NSTemporaryDirectory(), ways: disk.ways)
        var began = disk.began.stream.makeAsyncIterator()
        for round in 1...2 {
            let faults = await withTaskGroup { tasks in
                tasks.addTask { await Self.fault(of: group, [0]) }
                await began.next()
                for number in 1...39 {
                    tasks.addTask { await Self.fault(of: group, [Int32(number)]) }
                }
                while group.waiting < 39 { await Task.yield() }
                disk.gate.signal()
                return await tasks.reduce(into: 0) { count, fault in count += fault == nil ? 0 : 1 }
            }
            // Each time one by itself, and 39 by one sync of all.
            #expect(disk.few.withLock { $0 } == Array(repeating: [0], count: round))
            #expect(disk.all.withLock { $0 } == round)
            #expect(faults == (round == 1 ? 0 : 39))
        }
    }

    private static func fault(of group: SyncGroup, _ files: [Int32]) async -> Fault? {
        do throws(Fault) {
            try await group.sync(files, in: "/")
            return nil
        } catch {
            return error
        }
    }
}
