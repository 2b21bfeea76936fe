using System.Text.Json.Nodes;
using static WanTalk.Understudy.Nodes.Video.VideoWidget;

namespace WanTalk.Understudy.Nodes.Video;

/// <summary>The formats that VHS_VideoCombine lists, in its order. The understudy writes H.264, H.265, VP9 and FFV1.</summary>
internal static class VideoFormats
{
    private static readonly VideoWidget SaveMetadata = Flag("save_metadata", true);
    private static readonly VideoWidget TrimToAudio = Flag("trim_to_audio", false);

    private static readonly string[] Depths =
    [
        "rgba64le", "bgra", "yuv420p", "yuv422p", "yuv444p", "yuva420p", "yuva422p", "yuva444p",
        "yuv420p10le", "yuv422p10le", "yuv444p10le", "yuv420p12le", "yuv422p12le", "yuv444p12le",
        "yuv420p14le", "yuv422p14le", "yuv444p14le", "yuv420p16le", "yuv422p16le", "yuv444p16le",
        "gray", "gray10le", "gray12le", "gray16le",
    ];

    public static IReadOnlyList<VideoFormat> All { get; } =
    [
        new("image/gif"),
        new("image/webp", Flag("lossless", true)),
        new("video/ProRes", Choice("profile", "lt", "standard", "hq", "4444", "4444xq").Or("hq")),
        new("video/webm", Choice("pix_fmt", "yuv420p", "yuva420p"), Int("crf", 20, 0, 100), SaveMetadata, TrimToAudio)
        {
            Extension = "webm",
            Muxer = "webm",
            Encoder = ["-pix_fmt", "{pix_fmt}", "-crf", "{crf}", "-b:v", "0"],
            AudioEncoder = ["-c:a", "libvorbis"],
        },
        Ffv1(),
        Nvenc("video/nvenc_av1-mp4"),
        new("video/h265-mp4", Choice("pix_fmt", "yuv420p10le", "yuv420p"), Int("crf", 22, 0, 100), SaveMetadata)
        {
            Extension = "mp4",
            Muxer = "mp4",
            Encoder = ["-c:v", "libx265", "-vtag", "hvc1", "-pix_fmt", "{pix_fmt}", "-crf", "{crf}", "-x265-params", "log-level=quiet"],
            AudioEncoder = ["-c:a", "aac"],
        },
        new("video/8bit-png"),
        new("video/h264-mp4", Choice("pix_fmt", "yuv420p", "yuv420p10le"), Int("crf", 19, 0, 100), SaveMetadata, TrimToAudio)
        {
            Extension = "mp4",
            Muxer = "mp4",
            Encoder = ["-c:v", "libx264", "-pix_fmt", "{pix_fmt}", "-crf", "{crf}"],
            AudioEncoder = ["-c:a", "aac"],
        },
        Nvenc("video/nvenc_hevc-mp4"),
        Nvenc("video/nvenc_h264-mp4"),
        new(
            "video/ffmpeg-gif",
            Choice("dither", "bayer", "heckbert", "floyd_steinberg", "sierra2", "sierra2_4a", "sierra3", "burkes", "atkinson", "none")
                .Or("sierra2_4a") with
            {
                Template = "[0:v] split [a][b]; [a] palettegen=reserve_transparent=on:transparency_color=ffffff [p]; "
                    + "[b][p] paletteuse=dither=$val",
            }),
        new(
            "video/av1-webm",
            Choice("pix_fmt", "yuv420p10le", "yuv420p"),
            Int("crf", 23, 0, 100),
            Choice("input_color_depth", "8bit", "16bit"),
            SaveMetadata),
        new("video/16bit-png"),
    ];

    /// <summary>The choice of the formats, with the widgets of each as the real server describes them.</summary>
    public static InputSpec Choices => InputSpec.Choice("format", [.. All.Select(format => format.Name)]) with
    {
        Extra = new JsonObject
        {
            ["formats"] = new JsonObject(All
                .Where(format => format.Widgets.Count > 0)
                .Select(format => KeyValuePair.Create(
                    format.Name, (JsonNode?)new JsonArray([.. format.Widgets.Select(widget => (JsonNode)widget.Describe())])))),
        },
    };

    private static VideoFormat Ffv1() => new(
        "video/ffv1-mkv",
        Choice("level", "0", "1", "3").Or("3"),
        Choice("coder", "0", "1", "2").Or("1"),
        Choice("context", "0", "1").Or("1"),
        Int("gop_size", 1, 1, 300),
        Choice("slices", "4", "6", "9", "12", "16", "20", "24", "30").Or("16"),
        Choice("slicecrc", "0", "1").Or("1"),
        Choice("pix_fmt", Depths).Or("rgba64le"),
        SaveMetadata,
        TrimToAudio)
    {
        Extension = "mkv",
        Muxer = "matroska",
        Encoder =
        [
            "-c:v", "ffv1", "-level", "{level}", "-coder", "{coder}", "-context", "{context}", "-g", "{gop_size}", "-slices", "{slices}",
            "-slicecrc", "{slicecrc}", "-pix_fmt", "{pix_fmt}",
        ],
        AudioEncoder = ["-c:a", "flac"],
        IsBt709 = false,
    };

    private static VideoFormat Nvenc(string name) =>
        new(name, Choice("pix_fmt", "yuv420p", "p010le"), Int("bitrate", 10, 1, 999), Flag("megabit", true), SaveMetadata);
}
