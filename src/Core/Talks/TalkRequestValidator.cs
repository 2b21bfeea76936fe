using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Sampling;
using WanTalk.Core.Sniffing;
using WanTalk.Core.Takes;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;

namespace WanTalk.Core.Talks;

/// <summary>Checks a draft as far as it can be checked without decoding media, and finds all problems at once.</summary>
public static class TalkRequestValidator
{
    /// <summary>
    /// The problems of a draft, in the order of its fields; empty when there are none. Why an upload cannot be used was told by who looked for it.
    /// </summary>
    public static IReadOnlyList<TalkError> Validate(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var problems = new List<TalkError>();
        if (draft.PortraitUrl is { } portraitUrl)
        {
            CheckUrl(TalkField.ImageUrl, portraitUrl, problems);
        }
        else if (draft.Portrait is not null || draft.PortraitUpload is null)
        {
            problems.AddRange(ValidatePortrait(draft.Portrait));
        }

        if (draft.SpeechUrl is { } speechUrl)
        {
            CheckUrl(TalkField.AudioUrl, speechUrl, problems);
        }
        else if (draft.Speech is not null || draft.SpeechUpload is null)
        {
            problems.AddRange(ValidateSpeech(draft.Speech));
        }

        CheckSize(draft, problems);
        CheckSeed(draft.Seed, problems);
        CheckPrompt("prompt", draft.Prompt, problems);
        CheckPrompt("negative_prompt", draft.NegativePrompt, problems);
        problems.AddRange(SpeechCut.Validate(draft));
        problems.AddRange(WebhookRules.Validate(draft));
        CheckMetadata(draft.Metadata, problems);
        CheckExpiry(draft.ExpiresIn, problems);
        problems.AddRange(TakeRules.Validate(draft));
        CheckStream(draft, problems);
        problems.AddRange(SamplingRules.Validate(draft.Sampling, draft.DefaultPreset));
        return problems;
    }

    /// <summary>The problems of a size; empty when there are none.</summary>
    /// <param name="width">Pixels in a row; null for the default.</param>
    /// <param name="height">Rows; null for the default.</param>
    public static IReadOnlyList<TalkError> ValidateSize(int? width, int? height)
    {
        var problems = new List<TalkError>();
        CheckSize(new TalkDraft { Width = width, Height = height }, problems);
        return problems;
    }

    /// <summary>The problem of a portrait's file; empty when there is none.</summary>
    /// <param name="portrait">What is known of it; null when there is no file.</param>
    public static IReadOnlyList<TalkError> ValidatePortrait(InputFacts? portrait)
    {
        var problems = new List<TalkError>();
        if (portrait is null)
        {
            problems.Add(new(ErrorCode.PortraitMissing, "There is no portrait. Give a JPEG or PNG picture of a face.", TalkField.ImageUrl));
        }
        else if (portrait.Length == 0)
        {
            problems.Add(new(ErrorCode.PortraitEmpty, $"The portrait '{portrait.Name}' is empty. Give a JPEG or PNG picture of a face.", TalkField.ImageUrl));
        }
        else if (portrait.Length > TalkLimits.MaxPortraitBytes)
        {
            problems.Add(new(ErrorCode.PortraitTooLarge,
                $"The portrait '{portrait.Name}' has {portrait.Length} bytes. Give one of at most {TalkLimits.MaxPortraitBytes}.", TalkField.ImageUrl));
        }
        else if (MediaSniffer.Sniff(portrait.Head.Span) is not (MediaKind.Png or MediaKind.Jpeg or MediaKind.Webp))
        {
            problems.Add(new(ErrorCode.PortraitUnreadable,
                $"The portrait '{portrait.Name}' is no JPEG or PNG picture. Give one; its name does not matter, its content does.", TalkField.ImageUrl));
        }

        return problems;
    }

    /// <summary>The problem of a speech's file; empty when there is none.</summary>
    /// <param name="speech">What is known of it; null when there is no file.</param>
    public static IReadOnlyList<TalkError> ValidateSpeech(InputFacts? speech)
    {
        var problems = new List<TalkError>();
        if (speech is null)
        {
            problems.Add(new(ErrorCode.SpeechMissing, "There is no speech. Give a recording, for example WAV, MP3 or FLAC.", TalkField.AudioUrl));
        }
        else if (speech.Length == 0)
        {
            problems.Add(new(ErrorCode.SpeechEmpty, $"The speech '{speech.Name}' is empty. Give a recording, for example WAV, MP3 or FLAC.", TalkField.AudioUrl));
        }
        else if (speech.Length > TalkLimits.MaxSpeechBytes)
        {
            problems.Add(new(ErrorCode.SpeechTooLong,
                $"The speech '{speech.Name}' has {speech.Length} bytes. Give one of at most {TalkLimits.MaxSpeechBytes}.", TalkField.AudioUrl));
        }
        else if (MediaSniffer.IsPicture(MediaSniffer.Sniff(speech.Head.Span)))
        {
            problems.Add(new(ErrorCode.SpeechNoAudio,
                $"The speech '{speech.Name}' is a picture. Give a recording, for example WAV, MP3 or FLAC.", TalkField.AudioUrl));
        }
        else if (!MediaSniffer.MayHoldSpeech(MediaSniffer.Sniff(speech.Head.Span)))
        {
            problems.Add(new(ErrorCode.SpeechUnreadable,
                $"The speech '{speech.Name}' is a text. Give a recording, for example WAV, MP3 or FLAC.", TalkField.AudioUrl));
        }

        return problems;
    }

    /// <summary>The form of an address only: whether it may be asked is for whoever fetches it to find out.</summary>
    /// <param name="field">What the caller calls it.</param>
    /// <param name="text">The address.</param>
    /// <param name="problems">Is told what is wrong with it.</param>
    public static void CheckUrl(string field, string text, ICollection<TalkError> problems)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(problems);
        if (DataUrl.IsMeant(text))
        {
            problems.Add(new(ErrorCode.ArgumentInvalid,
                $"The {field} is a data: address that cannot be read here. In a request over HTTP an input may be data:image/png;base64,… and the like.", field));
        }
        else if (UploadReference.IsMeant(text))
        {
            problems.Add(new(ErrorCode.ArgumentInvalid,
                $"The {field} is an upload, which belongs to an API key and cannot be used here. In a request over HTTP image_url and audio_url may be one.", field));
        }
        else if (text.Length > TalkLimits.MaxUrlLength)
        {
            problems.Add(new(ErrorCode.ArgumentInvalid, $"The {field} has {text.Length} characters. Give at most {TalkLimits.MaxUrlLength}.", field));
        }
        else if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            problems.Add(new(ErrorCode.ArgumentInvalid, $"The {field} is no address that begins with http:// or https://.", field));
        }
        else if (url.UserInfo.Length > 0)
        {
            problems.Add(new(ErrorCode.ArgumentInvalid, $"The {field} has a user or a password in it. Give a presigned address instead.", field));
        }
    }

    private static void CheckSize(TalkDraft draft, List<TalkError> problems)
    {
        var before = problems.Count;
        CheckSide("width", draft.Width, problems);
        CheckSide("height", draft.Height, problems);
        var size = RequestedSizeOf(draft).ToEffective();
        if (problems.Count == before && size.Pixels > TalkLimits.MaxPixels)
        {
            problems.Add(new(ErrorCode.SizeTooManyPixels,
                $"{size} has {size.Pixels} pixels. Ask for at most {TalkLimits.MaxPixels}, for example 1024x1024 or 832x480.", "width"));
        }
    }

    private static void CheckSide(string name, int? side, List<TalkError> problems)
    {
        if (side is < TalkLimits.MinSide or > TalkLimits.MaxSide)
        {
            problems.Add(new(ErrorCode.SizeOutOfRange,
                $"The {name} is {side}. Ask for {TalkLimits.MinSide} to {TalkLimits.MaxSide} pixels; sides are made multiples of 16.", name));
        }
    }

    private static void CheckSeed(long? seed, List<TalkError> problems)
    {
        if (seed is < 0 or > TalkLimits.MaxSeed)
        {
            problems.Add(new(ErrorCode.SeedOutOfRange, $"The seed is {seed}. Give 0 to {TalkLimits.MaxSeed}, or 0 or none to have one drawn.", "seed"));
        }
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string>? metadata, List<TalkError> problems)
    {
        if (metadata?.Count > TalkLimits.MaxMetadataEntries
            || metadata?.Any(entry => entry.Key.Length > TalkLimits.MaxMetadataName || entry.Value.Length > TalkLimits.MaxMetadataValue) == true)
        {
            problems.Add(new(ErrorCode.ArgumentInvalid,
                $"The metadata is too large. Give at most {TalkLimits.MaxMetadataEntries} entries with names of at most "
                + $"{TalkLimits.MaxMetadataName} characters and values of at most {TalkLimits.MaxMetadataValue}.", "metadata"));
        }
    }

    private static void CheckExpiry(long? seconds, List<TalkError> problems)
    {
        if (seconds is < TalkLimits.MinExpiresIn or > TalkLimits.MaxExpiresIn)
        {
            problems.Add(new(ErrorCode.SettingOutOfRange,
                $"The setting expires_in is {seconds}. Give {TalkLimits.MinExpiresIn} to {TalkLimits.MaxExpiresIn} seconds after the talk's end.", "expires_in"));
        }
    }

    private static void CheckStream(TalkDraft draft, List<TalkError> problems)
    {
        if (draft.Stream && draft.Workflow is not null)
        {
            problems.Add(new(ErrorCode.SettingsConflict,
                "A workflow of your own makes the video in one prompt, and there is nothing to play before its end. Leave out the workflow, or stream.", "stream"));
        }
    }

    private static void CheckPrompt(string field, string? prompt, List<TalkError> problems)
    {
        if (prompt?.Length > TalkLimits.MaxPromptLength)
        {
            problems.Add(new(ErrorCode.PromptTooLong,
                $"The {field} has {prompt.Length} characters. Give at most {TalkLimits.MaxPromptLength}; it has little effect on lip-sync.", field));
        }
    }

    internal static FrameSize RequestedSizeOf(TalkDraft draft) =>
        new(draft.Width ?? FrameSize.Default.Width, draft.Height ?? FrameSize.Default.Height);
}
