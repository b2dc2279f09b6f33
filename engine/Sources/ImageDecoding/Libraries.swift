internal import CDicom
internal import CPicture

/// The C and C++ libraries behind the decoder.
enum Libraries {
    /// Both started, once for the process.
    static let started: Bool = lb_picture_prepare() && lb_dicom_prepare()
}
