namespace WanTalk.GpuRunner.Graphs;

/// <summary>A place in a graph that is set for each talk.</summary>
/// <param name="Node">The node's id in the API-format file.</param>
/// <param name="Input">The input's name.</param>
internal sealed record GraphPlace(string Node, string Input);

/// <summary>The one table of what is set where; the ids are the seed's where the seed names them.</summary>
internal static class GraphPlaces
{
    public static readonly GraphPlace TalkModel = new("120", "model");
    public static readonly GraphPlace Model = new("122", "model");
    public static readonly GraphPlace Precision = new("122", "base_precision");
    public static readonly GraphPlace Attention = new("122", "attention_mode");
    public static readonly GraphPlace ModelLora = new("122", "lora");
    public static readonly GraphPlace Lora = new("138", "lora");
    public static readonly GraphPlace BlocksToSwap = new("134", "blocks_to_swap");
    public static readonly GraphPlace TiledVae = new("192", "tiled_vae");
    public static readonly GraphPlace Audio = new("125", "audio");
    public static readonly GraphPlace Portrait = new("133", "image");
    public static readonly GraphPlace Width = new("210", "value");
    public static readonly GraphPlace Height = new("211", "value");
    public static readonly GraphPlace VocalsPrefix = new("310", "filename_prefix");
    public static readonly GraphPlace Prompt = new("135", "positive_prompt");
    public static readonly GraphPlace NegativePrompt = new("135", "negative_prompt");
    public static readonly GraphPlace AudioScale = new("194", "audio_scale");
    public static readonly GraphPlace AudioCfgScale = new("194", "audio_cfg_scale");
    public static readonly GraphPlace NormalizeLoudness = new("194", "normalize_loudness");
    public static readonly GraphPlace VisibleFrames = new("320", "visible_frames");
    public static readonly GraphPlace ConditioningPrefix = new("321", "filename_prefix");
    public static readonly GraphPlace SharedFile = new("330", "shared_file");
    public static readonly GraphPlace SharedSha256 = new("330", "shared_sha256");
    public static readonly GraphPlace AudioFile = new("330", "audio_file");
    public static readonly GraphPlace AudioSha256 = new("330", "audio_sha256");
    public static readonly GraphPlace Steps = new("213", "steps");
    public static readonly GraphPlace Cfg = new("213", "cfg");
    public static readonly GraphPlace Shift = new("213", "shift");
    public static readonly GraphPlace Scheduler = new("213", "scheduler");
    public static readonly GraphPlace Seed = new("213", "seed");
    public static readonly GraphPlace WindowIndex = new("213", "window_index");
    public static readonly GraphPlace WindowCount = new("213", "window_count");
    public static readonly GraphPlace CheckpointIn = new("213", "checkpoint_in");
    public static readonly GraphPlace WindowPrefix = new("213", "filename_prefix");
}
