namespace WanTalk.GpuRunner.Graphs;

/// <summary>A place in a graph that is set for each talk.</summary>
/// <param name="Node">The node's id in the API-format file.</param>
/// <param name="Input">The input's name.</param>
internal sealed record GraphPlace(string Node, string Input);

/// <summary>The one table of what is set where; the ids are the seed's where the seed names them.</summary>
internal static class GraphPlaces
{
    public static readonly GraphPlace Audio = new("125", "audio");
    public static readonly GraphPlace Portrait = new("133", "image");
    public static readonly GraphPlace Width = new("210", "value");
    public static readonly GraphPlace Height = new("211", "value");
    public static readonly GraphPlace VocalsPrefix = new("310", "filename_prefix");
    public static readonly GraphPlace Prompt = new("135", "positive_prompt");
    public static readonly GraphPlace VisibleFrames = new("320", "visible_frames");
    public static readonly GraphPlace ConditioningPrefix = new("321", "filename_prefix");
    public static readonly GraphPlace SharedFile = new("330", "shared_file");
    public static readonly GraphPlace SharedSha256 = new("330", "shared_sha256");
    public static readonly GraphPlace AudioFile = new("330", "audio_file");
    public static readonly GraphPlace AudioSha256 = new("330", "audio_sha256");
    public static readonly GraphPlace Steps = new("213", "steps");
    public static readonly GraphPlace Seed = new("213", "seed");
    public static readonly GraphPlace WindowIndex = new("213", "window_index");
    public static readonly GraphPlace WindowCount = new("213", "window_count");
    public static readonly GraphPlace CheckpointIn = new("213", "checkpoint_in");
    public static readonly GraphPlace WindowPrefix = new("213", "filename_prefix");
}
