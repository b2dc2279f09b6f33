// swift-tools-version:6.2
import PackageDescription

/// The same rules for every Swift target: explicit existentials, visible imports, no warning left standing.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

/// What goes over every pixel or every word is optimised in debug builds too: an analysis takes a tenth of the time
/// there, so that tests that run the product don't wait for loops. Checks of ranges and overflow stay.
let optimised: [SwiftSetting] = swiftSettings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "lightbox-engine",
    products: [
        .library(name: "Domain", targets: ["Domain"]),
        .library(name: "WorkerProtocol", targets: ["WorkerProtocol"]),
        .library(name: "ReportDocuments", targets: ["ReportDocuments"]),
        .library(name: "DicomDocuments", targets: ["DicomDocuments"]),
        .executable(name: "lightbox-worker", targets: ["lightbox-worker"]),
        .executable(name: "picture-bench", targets: ["picture-bench"]),
        .executable(name: "report-bench", targets: ["report-bench"]),
    ],
    targets: [
        // What things are: values and pure rules, no I/O.
        .target(name: "Domain", swiftSettings: optimised),
        .testTarget(name: "DomainTests", dependencies: ["Domain"], swiftSettings: swiftSettings),

        // How DICOM writes elements and names things; what reads pictures and what makes documents share it.
        .target(name: "DicomElements", swiftSettings: optimised),

        // Pictures: libvips for JPEG, PNG, WebP and TIFF; DCMTK and OpenJPEG for DICOM.
        .systemLibrary(name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .systemLibrary(name: "COpenJPEG", pkgConfig: "libopenjp2", providers: [.apt(["libopenjp2-7-dev"])]),
        .target(
            name: "CPicture", dependencies: ["CVips"],
            linkerSettings: ["jpeg", "png16", "webp", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "CDicom", dependencies: ["COpenJPEG"],
            linkerSettings: ["dcmjpeg", "dcmjpls", "dcmdata", "oflog", "ofstd", "z"].map { .linkedLibrary($0) }),
        .target(
            name: "ImageDecoding", dependencies: ["Domain", "DicomElements", "CPicture", "CDicom"],
            swiftSettings: optimised),
        .testTarget(
            name: "ImageDecodingTests", dependencies: ["Domain", "DicomElements", "ImageDecoding"],
            swiftSettings: swiftSettings),

        // Times the decoder for bench/decode.py; not part of the product.
        .executableTarget(
            name: "picture-bench", dependencies: ["Domain", "ImageDecoding", "WorkerProtocol"],
            path: "Bench/picture-bench", swiftSettings: swiftSettings),

        // ZIP archives, by libarchive.
        .systemLibrary(name: "CLibArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .target(name: "CArchive", dependencies: ["CLibArchive"]),
        .target(name: "Archives", dependencies: ["Domain", "CArchive"], swiftSettings: swiftSettings),
        .testTarget(name: "ArchivesTests", dependencies: ["Domain", "Archives"], swiftSettings: swiftSettings),

        // Letters in pictures, by Tesseract.
        .systemLibrary(name: "CTesseract", pkgConfig: "tesseract", providers: [.apt(["libtesseract-dev"])]),
        .target(name: "CTextReading", dependencies: ["CTesseract"]),
        .target(name: "TextReading", dependencies: ["Domain", "CTextReading"], swiftSettings: optimised),
        .testTarget(
            name: "TextReadingTests", dependencies: ["Domain", "TextReading", "ImageDecoding"],
            swiftSettings: swiftSettings),

        // Models: OpenVINO's C API, opened at run time.
        .target(name: "COpenVINO"),
        .systemLibrary(name: "CGLib", pkgConfig: "glib-2.0", providers: [.apt(["libglib2.0-dev"])]),
        .target(name: "Inference", dependencies: ["Domain", "COpenVINO", "CGLib"], swiftSettings: swiftSettings),
        .testTarget(
            name: "InferenceTests", dependencies: ["Inference", "ImageDecoding"], swiftSettings: swiftSettings),

        // The sandboxed process, and how the server talks to it.
        .target(name: "CDescriptorPassing"),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp", providers: [.apt(["libseccomp-dev"])]),
        .target(name: "CSandbox", dependencies: ["CSeccomp"]),
        .target(
            name: "WorkerProtocol", dependencies: ["Domain", "CDescriptorPassing"], swiftSettings: swiftSettings),
        .testTarget(name: "WorkerProtocolTests", dependencies: ["WorkerProtocol"], swiftSettings: swiftSettings),
        .executableTarget(
            name: "lightbox-worker",
            dependencies: [
                "Domain", "ImageDecoding", "Archives", "TextReading", "Inference", "WorkerProtocol", "CSandbox",
            ],
            swiftSettings: swiftSettings),
        // Enters the worker's sandbox and then tries what it must not do; only the tests start it.
        .executableTarget(
            name: "sandbox-probe", dependencies: ["CSandbox", "CSeccomp"], path: "Tests/SandboxProbe",
            swiftSettings: swiftSettings),
        .testTarget(
            name: "WorkerTests", dependencies: ["Domain", "WorkerProtocol", "lightbox-worker", "sandbox-probe"],
            swiftSettings: swiftSettings),

        // Documents: PDF by cairo and pango, QR codes by libqrencode.
        .systemLibrary(name: "CCairo", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
        .systemLibrary(name: "CQrencode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .target(name: "ReportDocuments", dependencies: ["CCairo", "CQrencode"], swiftSettings: optimised),
        .testTarget(name: "ReportDocumentsTests", dependencies: ["ReportDocuments"], swiftSettings: swiftSettings),

        // Times the making of PDFs for bench/report.py; not part of the product.
        .executableTarget(
            name: "report-bench", dependencies: ["ReportDocuments"], path: "Bench/report-bench",
            swiftSettings: swiftSettings),

        // Documents as DICOM objects, in Swift alone: an encapsulated PDF, a structured report.
        .target(
            name: "DicomDocuments", dependencies: ["DicomElements", "ReportDocuments"], swiftSettings: optimised),
        .testTarget(
            name: "DicomDocumentsTests", dependencies: ["DicomDocuments", "ReportDocuments"],
            swiftSettings: swiftSettings),
    ],
    cxxLanguageStandard: .cxx17
)
