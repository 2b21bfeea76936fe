namespace WanTalk.Api.OpenApi;

/// <summary>A route of the API, described: what it takes and what it answers.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Route">One of <see cref="Routes.ApiRoutes"/>.</param>
/// <param name="Id">Its name, the same in every version.</param>
/// <param name="Group">What it belongs to.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Answers">What it answers when all is well; errors are those of its group.</param>
internal sealed record ApiOperation(string Method, string Route, string Id, ApiGroup Group, string Summary, params ApiAnswer[] Answers)
{
    /// <summary>What may stand in the query or in headers.</summary>
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>What the body may be; none for no body.</summary>
    public IReadOnlyList<ApiBody> Bodies { get; init; } = [];

    /// <summary>Statuses of errors beside those that every operation of the group has.</summary>
    public IReadOnlyList<int> Errors { get; init; } = [];
}

/// <summary>Operations that have their callers and their errors in common.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Error">The media type and schema of its errors; null when it has none.</param>
/// <param name="Errors">The statuses of errors that each of its operations may have.</param>
internal sealed record ApiGroup(string Name, ApiBody? Error, params int[] Errors)
{
    /// <summary>Whether callers have to say who they are.</summary>
    public bool WantsKey { get; init; } = Error is not null;
}

/// <summary>An answer.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Description">When it comes.</param>
/// <param name="Body">Its body; null for none.</param>
/// <param name="Headers">Its headers, and what they say.</param>
internal sealed record ApiAnswer(int Status, string Description, ApiBody? Body = null, params (string Name, string Description)[] Headers);

/// <summary>A body.</summary>
/// <param name="MediaType">Its media type.</param>
/// <param name="Schema">The name of its schema; null for bytes.</param>
/// <param name="Example">One, as JSON; null for none.</param>
internal sealed record ApiBody(string MediaType, string? Schema, string? Example = null)
{
    /// <summary>JSON of a schema.</summary>
    public static ApiBody Json(string schema, string? example = null) => new("application/json", schema, example);
}

/// <summary>A parameter.</summary>
/// <param name="In">query or header.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, and its default.</param>
/// <param name="Schema">What its value may be, as JSON Schema.</param>
internal sealed record ApiParameter(string In, string Name, string Description, string Schema);
