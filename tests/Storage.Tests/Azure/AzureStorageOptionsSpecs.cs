using WanTalk.Core.Errors;
using WanTalk.Storage.Azure;

namespace WanTalk.Storage.Tests.Azure;

/// <summary>What is missing or wrong in the settings is said by its name, before any talk.</summary>
public sealed class AzureStorageOptionsSpecs
{
    [Fact]
    public void An_account_is_named_and_reached_with_the_identity()
    {
        var options = Read(("AZURE_STORAGE_ACCOUNT", "videos1"));

        Assert.Null(options.ConnectionString);
        Assert.Equal("https://videos1.blob.core.windows.net/", options.BlobUrl!.ToString());
        Assert.Equal("https://videos1.queue.core.windows.net/", options.QueueUrl!.ToString());
        _ = new AzureStorageAccount(options);
    }

    [Fact]
    public void Addresses_of_its_own_go_before_the_accounts_name()
    {
        var options = Read(("AZURE_STORAGE_ACCOUNT", "videos1"), ("AZURE_STORAGE_BLOB_URL", "https://videos1.blob.example.com"));

        Assert.Equal("https://videos1.blob.example.com/", options.BlobUrl!.ToString());
        Assert.Equal("https://videos1.queue.core.windows.net/", options.QueueUrl!.ToString());
    }

    [Theory]
    [InlineData("neither is set")]
    [InlineData("AZURE_STORAGE_ACCOUNT is 'My Account'", "AZURE_STORAGE_ACCOUNT", "My Account")]
    [InlineData("AZURE_STORAGE_QUEUE_URL is not", "AZURE_STORAGE_BLOB_URL", "https://videos1.blob.example.com")]
    [InlineData("AZURE_STORAGE_BLOB_URL is not", "AZURE_STORAGE_QUEUE_URL", "https://videos1.queue.example.com")]
    [InlineData("AZURE_STORAGE_BLOB_URL is 'http://box'", "AZURE_STORAGE_BLOB_URL", "http://box")]
    public void What_is_missing_or_wrong_is_named(string said, params string[] variable)
    {
        var refused = Assert.Throws<TalkException>(() => Read(variable is [var name, var value] ? [(name, value)] : []));

        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        Assert.Contains(said, refused.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("AccountKey=c2VjcmV0;AccountKey=c2VjcmV0")]
    [InlineData("AccountName=videos1;AccountKey=no base64, but secret")]
    [InlineData("DefaultEndpointsProtocol=https;AccountKey=c2VjcmV0")]
    public void A_malformed_connection_string_is_refused_and_not_shown(string text)
    {
        var options = Read(("AZURE_STORAGE_CONNECTION_STRING", text));
        var refused = Assert.Throws<TalkException>(() => new AzureStorageAccount(options));

        Assert.Equal(ErrorCode.ArgumentInvalid, refused.Error.Code);
        Assert.Contains("AZURE_STORAGE_CONNECTION_STRING", refused.Error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", $"{refused}{options}", StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", $"{refused}{options}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ab")]
    [InlineData("Talks")]
    [InlineData("a--b")]
    [InlineData("-talks")]
    [InlineData("talks-")]
    [InlineData("talks/t1")]
    public void A_name_that_no_container_may_have_is_refused(string name) => Assert.Throws<ArgumentException>(
        () => new BlobArtifactStore(Account(), new BlobArtifactStoreOptions { Container = name }));

    [Theory]
    [InlineData("Talks-")]
    [InlineData("talks--")]
    [InlineData("-")]
    [InlineData("talks_")]
    public void A_prefix_that_no_queue_may_have_is_refused(string prefix) => Assert.Throws<ArgumentException>(
        () => Queues(new StorageQueueOptions { Prefix = prefix }));

    [Fact]
    public void What_is_outside_of_its_range_is_refused()
    {
        foreach (var open in (Action[])
        [
            () => _ = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = "x", MaxRetries = 21 }),
            () => _ = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = "x", RetryDelay = TimeSpan.Zero }),
            () => _ = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = "x", LongestRetryDelay = TimeSpan.FromSeconds(0.3) }),
            () => _ = new AzureStorageAccount(new AzureStorageOptions { ConnectionString = "x", NetworkTimeout = TimeSpan.Zero }),
            () => _ = new BlobArtifactStore(Account(), new BlobArtifactStoreOptions { BlockBytes = 1000 }),
            () => _ = new BlobArtifactStore(Account(), new BlobArtifactStoreOptions { DeleteConcurrency = 0 }),
            () => Queues(new StorageQueueOptions { PollInterval = TimeSpan.Zero }),
            () => Queues(new StorageQueueOptions { LongestPollInterval = TimeSpan.FromSeconds(0.05) }),
        ])
        {
            Assert.Throws<ArgumentOutOfRangeException>(open);
        }
    }

    private static void Queues(StorageQueueOptions options) => _ = new StorageWorkQueues(Account(), TimeProvider.System, options);

    private static AzureStorageAccount Account() => new(Read(("AZURE_STORAGE_ACCOUNT", "videos1")));

    private static AzureStorageOptions Read(params (string Name, string Value)[] variables)
    {
        var environment = variables.ToDictionary(variable => variable.Name, variable => variable.Value);
        return AzureStorageOptions.FromEnvironment(environment.GetValueOrDefault);
    }
}
