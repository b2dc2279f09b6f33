import NIOCore
import NIOPosix
import Testing

@testable import Listener

@Suite("A connection's tasks")
struct LoopExecutorTests {
    @Test("They run on its loop, come back to it, and leave it for work that takes long")
    func loop() async {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        await withTaskExecutorPreference(LoopExecutor(loop)) {
            #expect(loop.inEventLoop)
            await Task.yield()
            #expect(loop.inEventLoop)
            await withTaskExecutorPreference(globalConcurrentExecutor) {
                #expect(!loop.inEventLoop)
            }
            #expect(loop.inEventLoop)
            await withTaskGroup { group in
                group.addTask { #expect(loop.inEventLoop) }
                await group.waitForAll()
            }
        }
    }
}
