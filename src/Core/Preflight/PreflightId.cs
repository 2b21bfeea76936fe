using WanTalk.Core.Uploads;

namespace WanTalk.Core.Preflight;

/// <summary>Ids of preflights that were asked for without a talk: of the form of those of uploads, so that they are ordered by their end.</summary>
public static class PreflightId
{
    /// <summary>A new id.</summary>
    /// <param name="keptUntil">Until when what was found is kept, cut to the second.</param>
    public static string New(DateTimeOffset keptUntil) => UploadId.New(keptUntil);

    /// <summary>Whether a text has the form of an id. Ids are used in names of artifacts and records, so nothing else may pass.</summary>
    public static bool IsValid(string? text) => UploadId.IsValid(text);

    /// <summary>Until when what was found is kept.</summary>
    /// <param name="id">A valid id.</param>
    public static DateTimeOffset KeptUntil(string id) => UploadId.UsableUntil(id);
}
