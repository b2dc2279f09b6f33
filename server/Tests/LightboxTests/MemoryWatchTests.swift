import Foundation
import Observability
import Synchronization
import Testing
import Workflows

@testable import lightbox

@Suite("Watching memory")
struct MemoryWatchTests {
    /// What the watch sees, and what it did.
    private final class Scene: Sendable {
        let resident = Mutex(100 << 20)
        let share = Mutex<Double?>(0)
        let time = Mutex(Date(timeIntervalSince1970: 0))
        let shrinks = Mutex(0)
        let trims = Mutex(0)

        func watch(softLimit: Int) -> MemoryWatch {
            MemoryWatch(
                softLimit: softLimit, caches: { self.shrinks.withLock { $0 += 1 } },
                memory: {
                    let resident = self.resident.withLock { $0 }
                    return ProcessMemory(resident: resident, virtual: resident, mostResident: resident)
                },
                pressure: { self.share.withLock { $0 } }, trim: { self.trims.withLock { $0 += 1 } },
                now: { self.time.withLock { $0 } })
        }
    }

    @Test("Over the soft limit caches go, but not again and again")
    func softLimit() async {
        let scene = Scene()
        let watch = scene.watch(softLimit: 200 << 20)
        #expect(await watch.look() == nil)
        scene.resident.withLock { $0 = 201 << 20 }
        #expect(await watch.look() == .softLimit)
        #expect(await watch.look() == nil)
        scene.time.withLock { $0 += 31 }
        #expect(await watch.look() == .softLimit)
        #expect(scene.shrinks.withLock { $0 } == 2)
    }

    @Test("Caches go where the system waits for memory; where the kernel doesn't tell, nothing does")
    func pressure() async {
        let scene = Scene()
        let watch = scene.watch(softLimit: 0)
        scene.share.withLock { $0 = nil }
        #expect(await watch.look() == nil)
        scene.share.withLock { $0 = 25 }
        #expect(await watch.look() == .pressure)
        #expect(scene.shrinks.withLock { $0 } == 1)
    }

    @Test("What was gathered and isn't used is given back when it has grown")
    func trimming() async {
        let scene = Scene()
        let watch = scene.watch(softLimit: 0)
        await watch.look()
        await watch.look()
        #expect(scene.trims.withLock { $0 } == 1)
        scene.resident.withLock { $0 += 40 << 20 }
        await watch.look()
        #expect(scene.trims.withLock { $0 } == 2 && scene.shrinks.withLock { $0 } == 0)
    }
}
