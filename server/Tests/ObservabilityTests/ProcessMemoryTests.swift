import Testing

@testable import Observability

@Suite("Memory")
struct ProcessMemoryTests {
    @Test("The kernel's text is read in bytes; one without the values is none")
    func status() {
        let text = "Name:\tlightbox\nVmPeak:\t  9000 kB\nVmSize:\t  8000 kB\nVmHWM:\t   300 kB\nVmRSS:\t   200 kB\n"
        #expect(
            ProcessMemory(status: text)
                == ProcessMemory(resident: 204_800, virtual: 8_192_000, mostResident: 307_200))
        #expect(ProcessMemory(status: "Name:\tlightbox\nVmSize:\t1 kB\n") == nil)
        #expect(ProcessMemory(status: "VmRSS:\tmuch kB\nVmSize:\t1 kB\nVmHWM:\t1 kB\n") == nil)
    }

    @Test("This process holds some memory, and never more than it held at most")
    func thisProcess() throws {
        let memory = try #require(ProcessMemory.ofThisProcess())
        #expect(memory.resident > 1 << 20 && memory.resident <= memory.mostResident)
        #expect(memory.virtual >= memory.resident)
    }

    @Test("The share of time that waited for memory is read")
    func pressure() {
        let text = "some avg10=12.50 avg60=3.00 avg300=1.00 total=5\nfull avg10=99.00 avg60=0.00 avg300=0.00 total=1\n"
        #expect(MemoryPressure.share(in: text) == 12.5)
        #expect(MemoryPressure.share(in: "full avg10=1.00\n") == nil)
    }
}
