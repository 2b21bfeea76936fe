namespace WanTalk.Core.Artifacts;

/// <summary>What makes a talk's conditioning count: <c>conditioning/conditioning.json</c>, written last and create-only.</summary>
/// <param name="Shared">Text and picture conditioning.</param>
/// <param name="Audio">Audio conditioning, a row for each frame.</param>
/// <param name="AudioBlocks">The hashes of the audio conditioning's blocks: each piece reads only a part of it.</param>
/// <param name="Frames">The frames that it covers.</param>
/// <param name="Preview">Whether the understudy made it, whose pictures are a preview and not WanVideo's.</param>
public sealed record ConditioningRecord(StoredFile Shared, StoredFile Audio, BlockHashes AudioBlocks, int Frames, bool Preview);
