import Glibc
public import Workflows

/// Samples from a folder of the PyPI package `pydicom-data`, as far as they are there.
public struct SampleDirectory: SampleStore {
    private let folder: String?

    /// The one chest film among the pictures that Debian's and PyPI's packages carry.
    private static let known: [(sample: Sample, file: String)] = [
        (
            Sample(
                id: "chest-pa", title: "A chest X-ray of an adult",
                description: "Computed radiography, from the back (PA), as a DICOM file of 1841 × 1955 pixels.",
                credit: "pydicom-data", licence: "MIT", format: "dicom"),
            "RG1_J2KI.dcm"
        )
    ]

    /// - Parameter folder: nil if this machine has none.
    public init(folder: String?) {
        self.folder = folder
    }

    public func all() async -> [Sample] {
        guard let folder else { return [] }
        return Self.known.filter { access("\(folder)/\($0.file)", R_OK) == 0 }.map(\.sample)
    }

    public func read(_ id: String) async throws(Fault) -> (name: String, bytes: [UInt8]) {
        guard let folder, let file = Self.known.first(where: { $0.sample.id == id })?.file else { throw .notFound }
        return try await Disk.run { () throws(Fault) in
            let descriptor = try Disk.open("\(folder)/\(file)", O_RDONLY)
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0 else { throw Fault(errno: errno, "fstat") }
            return (file, try Disk.read(descriptor, 0..<Int(status.st_size)))
        }
    }
}
